"""Opening, beyond the plain questions: recent files, cameras with a preview, what is dropped."""

from functools import partial
from pathlib import Path
from typing import Any

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.menus import Entry, ListMenu
from lrcn_desktop.app.opening.cameras_dialog import RESOLUTION, CamerasDialog, camera_address
from lrcn_desktop.app.opening.drop import MODEL_SUFFIX, DropTarget
from lrcn_desktop.app.opening.recent import ADDRESSES, Recent, lacks_password, present, short_name
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.widgets import file_dialogs


class OpeningPart(Part):
    """Fills the File menu's lists, the welcome's too, and takes what is dropped on the window."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._window, self._document = host.window, host.document
        self.recent = Recent(host.settings)
        self.cameras: CamerasDialog | None = None
        menus = host.menus
        menus.add(
            menus.file,
            self.tr("Choose a &camera..."),
            self.choose_camera,
            "Ctrl+Shift+O",
            before=menus.cameras.menuAction(),
        )
        menus.cameras.chosen.connect(self._open_camera)
        self.menu = self._recent_menu()
        menus.file.insertMenu(menus.opened, self.menu)
        self.drops = DropTarget(host.window)
        self.drops.dropped.connect(self.open_dropped)
        welcome = host.places.stage.welcome
        welcome.camera_wanted.connect(self.choose_camera)
        welcome.address_wanted.connect(self.reopen)
        welcome.demo_wanted.connect(partial(host.document.open, "demo"))
        for video in (menus.open_video, welcome.video_wanted):
            video.connect(partial(file_dialogs.ask_video, host.window, host.document.open))
        menus.open_folder.connect(partial(file_dialogs.ask_folder, host.window, host.document.open))
        self._stream = ""  # the address that was typed last, and has not been opened yet
        for stream in (menus.open_stream, welcome.stream_wanted):
            stream.connect(self._ask_stream)
        menus.open_address.connect(host.document.open)
        host.document.session.opening.connect(self._show_opening)
        host.places.progress.cancelled.connect(host.document.session.cancel)
        host.document.source_changed.connect(self._remember)
        host.settings.changed.connect(self._follow)
        self._follow(ADDRESSES)

    def _ask_stream(self) -> None:
        """Ask for an address; one that failed is there to be mended."""
        before = (self._stream,) if self._stream else ()
        file_dialogs.ask_stream(self._window, self.open_stream, *before)

    def open_stream(self, address: str) -> None:
        """Open a stream by its address, which is proposed the next time."""
        self._stream = address
        self._document.open(address)

    def choose_camera(self) -> None:
        """Show the cameras."""
        if self.cameras is None:
            document = self._document
            self.cameras = CamerasDialog(
                self._host.settings,
                self._host.worker,
                lambda: (document.address, document.capture),
                self._window,
            )
            self.cameras.chosen.connect(document.open)
            self.cameras.finished.connect(self._forget_dialog)
        self.cameras.open()

    def reopen(self, address: str) -> None:
        """Open a recent address; a stream whose password was not kept is asked for it."""
        if lacks_password(address):
            file_dialogs.ask_stream(self._window, self._document.open, address)
        else:
            self._document.open(address)

    def open_dropped(self, addresses: list[str]) -> None:
        """Open the first thing to watch and use the first model, and say what is left over."""
        models = [a for a in addresses if a.lower().endswith(MODEL_SUFFIX)]
        sources = [a for a in addresses if a not in models]
        if models:
            self._document.session.choose_model(models[0])
        if sources:
            self._document.open(sources[0])
        left = len(sources[1:]) + len(models[1:])
        if not addresses:
            self._host.show_error(
                self.tr(
                    "What was dropped cannot be opened: drop a video, a folder of images, "
                    "the address of a stream, or a model."
                )
            )
        elif left:
            used = ", ".join(Path(a).name or a for a in (*sources[:1], *models[:1]))
            self._host.show_error(
                self.tr("One item opens at a time; {0} of {1} were ignored: {2}.").format(
                    left, len(addresses), used
                )
            )

    def close(self) -> None:
        """Release a camera that is shown."""
        if self.cameras is not None:
            self.cameras.reject()

    def _recent_menu(self) -> ListMenu:
        menus = self._host.menus

        def look_up() -> list[Entry]:
            return [
                (short_name(address), address if present(address) else "")
                for address in self.recent.addresses
            ]

        words = (self.tr("Looking..."), self.tr("Nothing yet"))
        menu = ListMenu(self.tr("&Recent"), look_up, self._host.worker, words, menus.file)
        menu.chosen.connect(self.reopen)
        menus.add(menu, self.tr("C&lear the list"), self.recent.clear)
        return menu

    def _open_camera(self, index: str) -> None:
        resolution = self._host.settings.get(RESOLUTION)
        self._document.open(camera_address(int(index), resolution))

    def _remember(self) -> None:
        if self._document.address == self._stream:
            self._stream = ""
        if self._document.address:
            self.recent.add(self._document.address)

    def _show_opening(self, address: str) -> None:
        places = self._host.places
        if address:
            places.errors.hide()
        name = address if "://" in address else Path(address).name
        places.progress.show_progress(self.tr("Opening {0} ...").format(name) if address else "")

    def _forget_dialog(self) -> None:
        self.cameras = None

    def _follow(self, setting: Setting[Any]) -> None:
        if setting == ADDRESSES:
            addresses = self.recent.addresses
            self._host.worker.run(
                lambda: [(short_name(a), a) for a in addresses if present(a)],
                self._host.places.stage.welcome.set_recent,
                lambda _: None,
                "look for recent files",
            )
