"""Programs that unpack what Python cannot, such as the .rar that UCF-101 is published as."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from training.data.archive import (
    DAMAGED,
    ENCRYPTED,
    Archive,
    BrokenArchiveError,
    Entry,
    Kind,
    Progress,
)

LOOK_EVERY = 1.0  # seconds between counts of what was unpacked
_SPECIAL = re.compile(r"(?:^|\s)[lcbpsD][rwxsStT-]{9}(?:\s|$)")  # as ls shows links and devices
_BSDTAR_LINE = re.compile(r"\S+\s+\d+\s+\S+\s+\S+\s+(\d+) \w{3} [ \d]\d [ \d:]{5} (.+)")
# English dates, and names that are not ASCII
_LANGUAGE = {"LC_ALL": "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Program:
    """A program that unpacks.

    Attributes:
        name: Its command.
        lists: The command that lists an archive, without the archive's path.
        parse: Reads what that prints.
        unpacks: The arguments that unpack; {archive} and {folder} are put in.
    """

    name: str
    lists: tuple[str, ...]
    parse: Callable[[str], list[Entry]]
    unpacks: tuple[str, ...]

    @property
    def there(self) -> bool:
        """Whether it is installed."""
        return all(shutil.which(command) for command in (self.name, self.lists[0]))


class ProgramArchive(Archive):
    """An archive that a program unpacks."""

    def __init__(self, path: Path, program: Program) -> None:
        super().__init__(path)
        self.program = program
        self._files = 0

    def entries(self) -> list[Entry]:
        """Return what the program says that it holds."""
        command = [*self.program.lists, str(self.path)]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, env=os.environ | _LANGUAGE
        )
        text = done.stdout.decode("utf-8", "surrogateescape")
        if done.returncode:
            raise BrokenArchiveError(_reason(text + done.stderr.decode("utf-8", "replace")))
        try:
            entries = self.program.parse(text)
        except BrokenArchiveError:
            raise
        except Exception as error:
            raise BrokenArchiveError(f"{self.program.name} lists it in an unknown way") from error
        if not entries:
            raise BrokenArchiveError(DAMAGED)
        self._files = sum(entry.kind == "file" for entry in entries)
        return entries

    def unpack(self, folder: Path, progress: Progress) -> None:
        """Run the program."""
        places = {"archive": str(self.path), "folder": str(folder)}
        command = [self.program.name, *(part.format(**places) for part in self.program.unpacks)]
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | _LANGUAGE,
        )
        try:
            while True:
                try:
                    said, _ = running.communicate(timeout=LOOK_EVERY)
                    break
                except subprocess.TimeoutExpired:
                    progress(sum(path.is_file() for path in folder.rglob("*")), self._files)
        finally:
            running.kill()
            running.communicate()
        if running.returncode:
            raise BrokenArchiveError(_reason(said.decode("utf-8", "replace")))
        progress(self._files, self._files)


def _reason(said: str) -> str:
    said = said.lower()
    if "password" in said or "is encrypted" in said:
        return ENCRYPTED
    return DAMAGED


def _parse_lsar(text: str) -> list[Entry]:
    special = ("XADIsLink", "XADIsFIFO", "XADIsCharacterDevice", "XADIsBlockDevice")
    entries = []
    for item in json.loads(text)["lsarContents"]:
        kind: Kind = "folder" if item.get("XADIsDirectory") else "file"
        if any(item.get(key) for key in special) or item.get("XADLinkDestination"):
            kind = "other"
        if item.get("XADIsEncrypted"):
            raise BrokenArchiveError(ENCRYPTED)
        entries.append(Entry(str(item["XADFileName"]), kind, int(item.get("XADFileSize", 0))))
    return entries


def _parse_7z(text: str) -> list[Entry]:
    entries = []
    for block in re.split(r"(?m)^(?=Path = )", text):
        facts = dict(line.split(" = ", 1) for line in block.splitlines() if " = " in line)
        if "Path" not in facts:
            continue
        if facts.get("Encrypted") == "+":
            raise BrokenArchiveError(ENCRYPTED)
        mode = facts.get("Attributes", "") or facts.get("Mode", "")
        folder = mode.startswith("D") or facts.get("Folder") == "+"
        linked = facts.get("Symbolic Link") or facts.get("Hard Link")
        kind: Kind = "folder" if folder else "file"
        if linked or (not folder and _SPECIAL.search(mode)):
            kind = "other"
        entries.append(Entry(facts["Path"], kind, int(facts.get("Size") or 0)))
    return entries


def parse_unrar(text: str) -> list[Entry]:
    """Return the entries of what `unrar lt` lists."""
    kinds: dict[str, Kind] = {"File": "file", "Directory": "folder"}
    entries = []
    for block in re.split(r"(?m)^(?=[ \t]*Name: )", text)[1:]:
        lines = [line.strip().partition(": ") for line in block.splitlines()]
        facts = {key: value for key, _, value in reversed(lines)}  # the first of a kind counts
        if "encrypted" in facts.get("Flags", ""):
            raise BrokenArchiveError(ENCRYPTED)
        size = int(facts.get("Size", 0))
        entries.append(Entry(facts["Name"], kinds.get(facts["Type"], "other"), size))
    return entries


def _parse_bsdtar(text: str) -> list[Entry]:
    entries = []
    for line in text.splitlines():
        match = _BSDTAR_LINE.fullmatch(line)
        if match is None:
            raise ValueError(line)
        kind: Kind = "folder" if line.startswith("d") else "file"
        if line[0] not in "d-" or " link to " in line:
            kind = "other"
        entries.append(Entry(match[2], kind, int(match[1])))
    return entries


_SEVEN_ZIP = (("l", "-slt", "-ba", "-p-"), ("x", "-y", "-bd", "-p-", "-o{folder}", "{archive}"))
PROGRAMS: Sequence[Program] = (
    Program(
        "unar",
        ("lsar", "-json"),
        _parse_lsar,
        (
            *("-quiet", "-no-directory", "-no-recursion", "-forks", "skip"),
            *("-output-directory", "{folder}", "{archive}"),
        ),
    ),
    Program(
        "unrar",
        ("unrar", "lt", "-cfg-", "-p-"),
        parse_unrar,
        ("x", "-cfg-", "-p-", "-y", "-idq", "{archive}", "{folder}/"),
    ),
    Program("7zz", ("7zz", *_SEVEN_ZIP[0]), _parse_7z, _SEVEN_ZIP[1]),
    Program("7z", ("7z", *_SEVEN_ZIP[0]), _parse_7z, _SEVEN_ZIP[1]),
    Program("bsdtar", ("bsdtar", "-tvf"), _parse_bsdtar, ("-xf", "{archive}", "-C", "{folder}")),
)
