"""The README and the guide: their links lead somewhere, and their commands are the program's."""

import argparse
import ast
import importlib.util
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from lrcn_desktop import cli
from lrcn_desktop.app.guide.pages import guide_dir, headings_of, read_pages
from lrcn_desktop.errors import UserError
from lrcn_desktop.recognition.export.formats import FORMATS

ROOT = Path(__file__).parents[1]
FILES = [ROOT / "README.md", *sorted((ROOT / "assets" / "guide").glob("*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def texts() -> Iterator[tuple[Path, str]]:
    for path in FILES:
        yield path, path.read_text("utf-8")


def shell_lines() -> Iterator[tuple[str, str]]:
    """Yield each command of the blocks of shell, with its file's name."""
    for path, text in texts():
        for kind, block in FENCE.findall(text):
            if kind == "sh":
                for line in block.replace("\\\n", " ").splitlines():
                    yield from ((path.name, part.strip()) for part in line.split("&&"))


def mentions() -> Iterator[tuple[str, str]]:
    """Yield each command that is mentioned between the words."""
    for path, text in texts():
        prose = FENCE.sub("", text)
        for code in re.findall(r"`((?:lrcn-desktop|python -m) [^`]+)`", prose):
            yield path.name, " ".join(code.split())


def arguments_of(command: str) -> list[str] | None:
    """Return what follows `lrcn-desktop` in a command; None where it is another program's."""
    words = shlex.split(command, comments=True)
    for name in ("lrcn-desktop", ".venv/bin/lrcn-desktop", "lrcn_desktop"):
        if name in words[:1] or (name == "lrcn_desktop" and name in words):
            return words[words.index(name) + 1 :]
    return None


class ParsedError(Exception):
    """The parser took the arguments."""


@pytest.fixture
def parse(monkeypatch: pytest.MonkeyPatch) -> object:
    """Return a function that gives arguments to the program's own parsers, and runs nothing."""
    parse_args = argparse.ArgumentParser.parse_args

    def parse_only(self: argparse.ArgumentParser, *args: object, **options: object) -> None:
        parse_args(self, *args, **options)  # type: ignore[call-overload]
        raise ParsedError

    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", parse_only)

    def parse(arguments: Sequence[str]) -> bool:
        try:
            cli.main(arguments)
        except ParsedError:
            return True
        except SystemExit as ending:
            return ending.code == 0
        return False

    return parse


def test_every_command_parses(parse: object, capsys: pytest.CaptureFixture[str]) -> None:
    given = [(where, command, arguments_of(command)) for where, command in shell_lines()]
    own = [(where, command, words) for where, command, words in given if words is not None]
    assert len(own) > 20
    wrong = [(where, command) for where, command, words in own if not parse(words)]  # type: ignore[operator]
    assert not wrong, capsys.readouterr().err


def test_every_command_that_is_mentioned_exists(
    parse: object, capsys: pytest.CaptureFixture[str]
) -> None:
    found = list(mentions())
    assert len(found) > 5
    for where, command in found:
        words = arguments_of(command)
        if words is None:
            module = command.split()[2]
            assert importlib.util.find_spec(module), (where, command)
        else:  # with or without what it needs: `analyze` is a command
            shown = parse(words) or (len(words) == 1 and parse([*words, "--help"]))  # type: ignore[operator]
            assert shown, (where, command, capsys.readouterr().err)


def test_every_command_and_every_export_is_in_the_guide(capsys: pytest.CaptureFixture[str]) -> None:
    text = (guide_dir() / "command-line.md").read_text("utf-8")
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    commands = set(re.findall(r"^  lrcn-desktop ([a-z]+) ", capsys.readouterr().out, re.MULTILINE))
    assert len(commands) > 7
    assert {name for name in commands if f"\nlrcn-desktop {name}" not in text} == set()
    assert {each.name for each in FORMATS if f"`--{each.name}`" not in text} == set()


def test_a_wrong_command_is_found(parse: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert not parse(["analyze", "video.mp4", "--no-such", "x"])  # type: ignore[operator]
    assert not parse(["train", "--preset", "no-such"])  # type: ignore[operator]
    assert capsys.readouterr().err


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text("utf-8"))
    for target in LINK.findall(text):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        there = path.parent / name if name else path
        assert there.exists(), target
        if path.parent == guide_dir():
            assert there.parent == path.parent, f"{target} is not in the window's guide"
        if anchor:
            assert anchor in {h.anchor for h in headings_of(there.read_text("utf-8"))}, target


def test_the_index_leads_to_every_page() -> None:
    names = [page.name for page in read_pages(guide_dir())]
    assert names[0] == "index.md"
    assert sorted(names) == sorted(path.name for path in guide_dir().glob("*.md"))


def test_every_page_has_one_title() -> None:
    for page in read_pages(guide_dir()):
        assert [heading.level for heading in page.headings].count(1) == 1
        assert page.headings[0].level == 1


def test_headings_get_the_anchors_that_github_gives() -> None:
    text = "# A title: `code`, *more*\n```sh\n# none\n```\n## evaluate --json\n## Twice\n## Twice\n"
    assert [(h.level, h.text, h.anchor) for h in headings_of(text)] == [
        (1, "A title: code, more", "a-title-code-more"),
        (2, "evaluate --json", "evaluate---json"),
        (2, "Twice", "twice"),
        (2, "Twice", "twice-1"),
    ]


def test_a_guide_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"index\.md.*[Ii]nstall"):
        read_pages(tmp_path)


NEVER = re.compile(  # in what a user reads: one spelling, American, and words that the field uses
    r"\b(?:anew|learnt|analys(?:e|ed|es|ing)|behaviours?|neighbours?|colours?|grey|is told)\b"
    r"|\blet go of\b|\b(?:steps|frames) a second\b|\ban? (?:row|folder) an? (?:step|activity)\b",
    re.IGNORECASE,
)
SHOWING = [ROOT / "lrcn_desktop" / "app", ROOT / "training" / "commands"]


def literals(path: Path) -> Iterator[str]:
    """Yield the texts in a file's code, without its docstrings and comments."""
    tree = ast.parse(path.read_text("utf-8"))
    bare = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


def test_words_that_nobody_says() -> None:
    shown = [(path.name, text) for path, text in texts()]
    files = [path for folder in SHOWING for path in folder.rglob("*.py")]
    for path in [ROOT / "lrcn_desktop" / "cli.py", *files]:
        shown += [(path.name, text) for text in literals(path) if " " in text]
    assert len(shown) > 500
    assert not [(where, match[0]) for where, text in shown for match in NEVER.finditer(text)]
