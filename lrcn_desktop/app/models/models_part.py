"""The models' window as the main window sees it, and what is done to the library."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.models.entry import Entry, read_library
from lrcn_desktop.app.models.facts import compared
from lrcn_desktop.app.models.questions import ask_clash, ask_name
from lrcn_desktop.app.models.reports import move_report
from lrcn_desktop.app.models.speeds import Speeds
from lrcn_desktop.app.models.window import ModelsWindow
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.preferences.recognition_page import MODEL
from lrcn_desktop.app.widgets import file_dialogs
from lrcn_desktop.app.widgets.confirm import ask
from lrcn_desktop.app.widgets.window import bring_forward, show_outside
from lrcn_desktop.errors import UserError
from lrcn_desktop.model.defaults import lighter_model
from lrcn_desktop.names import free_name

if TYPE_CHECKING:
    from lrcn_desktop.model.library import Deleted


class ModelsPart(Part):
    """Imports, renames and deletes off the window's thread; what is in use follows.

    Attributes:
        window: Its window, None before it was first wanted.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._session, self._status = host.document.session, host.places.status
        self.window: ModelsWindow | None = None
        self._deleted: list[tuple[Deleted, Path | None]] = []  # with their reports
        self._speeds = Speeds(host.worker, self)
        self._speeds.measured.connect(self._show_speeds)
        menus = host.menus
        menus.add(menus.models, self.tr("&Manage models..."), self.open, "Ctrl+M")
        first = menus.models.actions()[0]
        self.automatic = menus.add(
            menus.models, self.tr("A&utomatic"), lambda: self._choose(""), before=first
        )
        self.automatic.setCheckable(True)
        menus.models.insertSeparator(first)
        self._asked: str | None = None  # a choice is on its way, to be remembered if it can be had
        for chosen in (menus.model, self._status.lighter_wanted):
            chosen.connect(self._choose)
        menus.open_model.connect(partial(file_dialogs.ask_model, host.window, self._choose))
        for changed in (host.document.model_changed, host.document.source_changed):
            changed.connect(self._show_model)
        self._show_model()

    def open(self) -> ModelsWindow:
        """Show the window."""
        if self.window is None:
            self.window = ModelsWindow(self._host.window)
            details = self.window.details
            self.window.import_wanted.connect(self._ask_import)
            self.window.undo_wanted.connect(self._undo)
            details.used.connect(lambda: self._choose(self._shown().name))
            details.report_wanted.connect(lambda: show_outside(str(self._shown().report)))
            details.renamed.connect(self._ask_name)
            details.deleted.connect(self._ask_delete)
        bring_forward(self.window)
        self.refresh()
        return self.window

    def _choose(self, name: str) -> None:
        """Use a model from now on, and at the next start; "": what suits each source."""
        self._asked = name
        self._session.choose_model(name or None)

    def _remember(self) -> None:
        """Keep the choice for the next start, once it is known to work."""
        session = self._session
        if self._asked is None or session.loading:
            return
        asked, self._asked = self._asked, None
        if asked == (session.chosen or ""):
            self._host.settings.set(MODEL, asked)

    def _show_model(self) -> None:
        """Mark the model that is in use now, and look up the one to offer where it is too slow."""
        name = self._session.model
        self._remember()
        automatic = self._session.chosen is None
        self.automatic.setChecked(automatic)
        self.automatic.setToolTip(self._session.why)
        words = self.tr("A&utomatic")
        shown = automatic and name and not self._session.loading
        self.automatic.setText(f"{words} ({Path(name).stem})" if shown else words)
        self._host.menus.models.tick("" if automatic else Path(name).stem)
        if self.window is not None:
            self.window.show_models(self.window.entries, name)
        lighter = lighter_model(name)
        self._status.set_lighter("", "")
        if lighter and not self._session.loading:
            self._host.worker.run(
                partial(_compare, lighter, name),
                partial(self._offer, name, lighter),
                lambda _: None,  # what is damaged is not offered
                "look at the lighter model",
            )

    def _offer(self, name: str, lighter: str, words: str) -> None:
        if name == self._session.model:
            self._status.set_lighter(lighter, words)

    def refresh(self, chosen: str = "") -> None:
        """Read the library again and bring the model called `chosen` forward."""
        self._run(read_library, partial(self._show, chosen))

    def close(self) -> None:
        """Delete for good what was deleted."""
        if self.window is not None:
            self.window.close()
        if self._deleted:
            self._host.worker.run(
                partial(_discard, [deleted for deleted, _ in self._deleted]),
                lambda _: None,
                lambda _: None,
                "empty the bin",
            )

    @property
    def _there(self) -> ModelsWindow:
        """The window, for what is done in it."""
        assert self.window is not None
        return self.window

    def _run(self, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        self._host.worker.run(work, done, self._there.errors.show_error, "models")

    def _show(self, chosen: str, entries: list[Entry]) -> None:
        if self.window is not None:
            entries = self._speeds.known(entries, self._session.device)
            self.window.show_models(entries, self._session.model, chosen)
            if self.window.isVisible():
                self._speeds.measure(entries, self._session.device)

    def _show_speeds(self) -> None:
        if self.window is not None:
            self._show("", self.window.entries)

    def _shown(self) -> Entry:
        entry = self._there.details.entry
        assert entry is not None
        return entry

    def _is_used(self, entry: Entry) -> bool:
        return self._session.model in (entry.name, str(entry.path))

    def _ask_import(self, file: str) -> None:
        self._there.errors.hide()
        if file:
            self._run(partial(_check, Path(file)), partial(self._checked, Path(file)))
        else:
            file_dialogs.ask_model(self._there, self._ask_import)

    def _checked(self, file: Path, names: tuple[str, str, bool]) -> None:
        """Import a sound model, or ask first: its name, a free one, whether it may be replaced."""
        name, free, own = names
        if name == free:
            self._import(file, name)
            return
        present = [entry for entry in self._there.entries if own and entry.name == name]
        instead = partial(self._import, file, name)
        ask_clash(
            self._there,
            name,
            free,
            partial(self._import, file, free),
            partial(self._delete, present[0], instead) if present else None,
        )

    def _import(self, file: Path, name: str) -> None:
        from lrcn_desktop.model.library import import_model

        self._run(partial(import_model, file, name), lambda path: self.refresh(path.stem))

    def _ask_name(self) -> None:
        entry = self._shown()
        ask_name(self._there, entry.name, partial(self._rename, entry))

    def _rename(self, entry: Entry, name: str) -> None:
        self._there.errors.hide()
        if name != entry.name:
            self._run(partial(_rename, entry, name), partial(self._renamed, entry))

    def _renamed(self, entry: Entry, path: Path) -> None:
        settings = self._host.settings
        used = self._is_used(entry)
        if settings.get(MODEL) == entry.name:
            settings.set(MODEL, path.stem)
        elif used:
            self._session.choose_model(path.stem)
        self.refresh(path.stem)

    def _ask_delete(self) -> None:
        self._there.errors.hide()
        entry = self._shown()
        text = self.tr("You can undo this until you quit.")
        if self._is_used(entry):
            text = self.tr(
                "It is in use: the model that suits the source takes its place. {0}"
            ).format(text)
        ask(
            self._there,
            self.tr("Delete the model {0}?").format(entry.name),
            text,
            self.tr("Delete"),
            self.tr("Keep it"),
            partial(self._delete, entry, None),
        )

    def _delete(self, entry: Entry, then: Callable[[], object] | None) -> None:
        self._run(partial(_delete, entry), partial(self._gone, entry, then))

    def _gone(self, entry: Entry, then: Callable[[], object] | None, deleted: Deleted) -> None:
        self._deleted.append((deleted, entry.report))
        self._there.undo.show_deleted(entry.name)
        if then is not None:
            then()
            return
        if self._host.settings.get(MODEL) == entry.name:
            self._host.settings.set(MODEL, "")
        elif self._is_used(entry):
            self._session.choose_model(None)
        self.refresh()

    def _undo(self) -> None:
        deleted, report = self._deleted[-1]
        self._run(partial(_restore, deleted, report), self._restored)

    def _restored(self, name: str) -> None:
        self._deleted.pop()
        self._there.undo.show_deleted(self._deleted[-1][0].path.stem if self._deleted else "")
        self.refresh(name)


def _compare(lighter: str, name: str) -> str:
    from lrcn_desktop.model.library import find_model
    from lrcn_desktop.model.model_file import read_info

    return compared(read_info(find_model(lighter)), read_info(find_model(name)))


def _check(file: Path) -> tuple[str, str, bool]:
    """Return a model file's name, a free one for it, and whether what has its name is an own one.

    Raises:
        UserError: It is at fault, or in the library already.
    """
    from lrcn_desktop.model.library import is_own, model_paths
    from lrcn_desktop.model.model_file import read_model

    read_model(file)
    known = model_paths()
    if file.resolve() in (path.resolve() for path in known.values()):
        raise UserError(f"{file} is one of the program's models already.")
    name = free_name(file.stem, ())
    return name, free_name(name, known), name in known and is_own(known[name])


def _rename(entry: Entry, name: str) -> Path:
    from lrcn_desktop.model.library import rename_model

    path = rename_model(entry.path, name)
    move_report(entry.report, path)
    return path


def _delete(entry: Entry) -> Deleted:
    from lrcn_desktop.model.library import delete_model

    deleted = delete_model(entry.path)
    move_report(entry.report, deleted.kept)
    return deleted


def _restore(deleted: Deleted, report: Path | None) -> str:
    from lrcn_desktop.model.library import restore_model

    restore_model(deleted)
    move_report(report, deleted.path)
    return deleted.path.stem


def _discard(deleted: list[Deleted]) -> None:
    from lrcn_desktop.model.library import discard_model

    for model in deleted:
        discard_model(model)
