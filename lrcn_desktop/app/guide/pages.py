"""The guide's pages as they are on disk: Markdown that reads the same on the web."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.resources import assets_dir

INDEX = "index.md"
_HEADING = re.compile(r"(#{1,6}) +(.+)")
_LINK = re.compile(r"\]\(([\w-]+\.md)\)")
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading of a page.

    Attributes:
        level: 1 for the page's title.
        text: As it is read, without Markdown's marks.
        anchor: What a link calls it, as GitHub does.
    """

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    Attributes:
        name: Its file's name.
        text: Its Markdown.
        headings: In their order; the first is the title.
    """

    name: str
    text: str
    headings: tuple[Heading, ...]

    @property
    def title(self) -> str:
        """The first heading."""
        return self.headings[0].text if self.headings else self.name


def guide_dir() -> Path:
    """Return the folder of the guide that ships."""
    return assets_dir() / "guide"


def read_pages(folder: Path) -> list[Page]:
    """Return the index, then the pages that it links to, in its order.

    Raises:
        UserError: A page is not there.
    """
    index = _read(folder / INDEX)
    names = dict.fromkeys(_LINK.findall(index.text))
    return [index, *(_read(folder / name) for name in names)]


def headings_of(text: str) -> tuple[Heading, ...]:
    """Return the headings of a Markdown text; those inside blocks of code are none."""
    found: list[Heading] = []
    uses: Counter[str] = Counter()
    inside = False
    for line in text.splitlines():
        if line.startswith(_FENCE):
            inside = not inside
        elif not inside and (match := _HEADING.fullmatch(line)):
            words = re.sub(r"[*`]", "", match[2]).strip()
            anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
            number = uses[anchor]
            uses[anchor] += 1
            found.append(Heading(len(match[1]), words, f"{anchor}-{number}" if number else anchor))
    return tuple(found)


def _read(path: Path) -> Page:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"The guide cannot be read: {path}: {error.strerror}. Install LRCN Desktop again."
        ) from error
    return Page(path.name, text, headings_of(text))
