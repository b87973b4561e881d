"""What was opened last: files, folders and streams, without their passwords."""

import re
from pathlib import Path

from lrcn_desktop.app.settings import Setting, Settings

MOST = 10
ADDRESSES: Setting[list[object]] = Setting("recent/addresses", [])
_SECRET = re.compile(
    r"(?i)((?:\w*pass\w*|pwd|pw|\w*token|\w*key|\w*secret|auth\w*|sig\w*)=)([^&;/?#]*)"
)


class Recent:
    """The list in the settings, newest first; cameras and the demo have menus of their own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def addresses(self) -> list[str]:
        """The addresses, as they can be opened, except for passwords."""
        kept = self._settings.get(ADDRESSES)
        return [address for address in kept if isinstance(address, str)][:MOST]

    def add(self, address: str) -> None:
        """Put what was opened first; what is neither a file, a folder nor a stream is dropped."""
        if "://" in address:
            kept = without_password(address)
        elif Path(address).expanduser().exists():
            kept = str(Path(address).expanduser().absolute())
        else:
            return
        self._keep([kept, *(other for other in self.addresses if other != kept)][:MOST])

    def clear(self) -> None:
        """Forget all."""
        self._keep([])

    def _keep(self, addresses: list[str]) -> None:
        kept: list[object] = [*addresses]
        self._settings.set(ADDRESSES, kept)


def without_password(address: str) -> str:
    """Return a stream's address with its passwords, keys and tokens left out, the user kept."""
    begin, user, rest = _split(address)
    return _SECRET.sub(r"\1", begin + user.partition(":")[0] + rest)


def lacks_password(address: str) -> bool:
    """Whether `without_password` may have left something out of a stream's address."""
    if "://" not in address:
        return False
    _, user, _ = _split(address)
    left_out = any(not found[2] for found in _SECRET.finditer(address))
    return left_out or (bool(user) and ":" not in user)


def _split(address: str) -> tuple[str, str, str]:
    """Return "scheme://", "user:password" and "@host/..."; the middle may be missing."""
    scheme, slashes, rest = address.partition("://")
    host = re.match(r"[^/?#]*", rest)
    assert host is not None
    user, at, name = host[0].rpartition("@")
    return scheme + slashes, user, at + name + rest[host.end() :]


def short_name(address: str) -> str:
    """Return what the user calls it: a stream's address, or a file's name and folder."""
    if "://" in address:
        return address
    path = Path(address)
    home = Path.home()
    folder = path.parent
    place = f"~/{folder.relative_to(home).as_posix()}" if folder.is_relative_to(home) else folder
    return f"{path.name}  ({str(place).removesuffix('/.')})"


def present(address: str) -> bool:
    """Whether it can be there: a stream always, a file if it is; may wait for a slow disk."""
    if "://" in address:
        return True
    try:
        return Path(address).exists()
    except OSError:
        return False
