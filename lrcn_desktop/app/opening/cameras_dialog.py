"""The cameras by name, each with a live picture, its resolution and the mirror."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QListWidget,
    QPushButton,
    QWidget,
)

from lrcn_desktop.app.opening.preview import Preview
from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.app.widgets.building import STRETCH, in_column, in_row, new_button
from lrcn_desktop.app.worker import Worker
from lrcn_desktop.video.camera import CameraInfo, list_cameras
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.open import camera_index

MIRROR = Setting("camera/mirror", False)  # what is live, for the eye only
RESOLUTION = Setting("camera/resolution", "")  # "640x480"; "": the camera's own
NAME = Setting("camera/name", "")  # of the one that was opened last
RESOLUTIONS = ("640x480", "800x600", "1280x720", "1920x1080", "2560x1440", "3840x2160")
_NAMES = 210  # pixels: width of the list of cameras
Playing = tuple[str, Capture | None]  # the address that the window plays, and what plays it


class CamerasDialog(QDialog):
    """Chooses a camera; what is chosen is remembered, and the next time chosen already."""

    chosen = Signal(str)  # an address; by then the camera is free

    def __init__(
        self,
        settings: Settings,
        worker: Worker,
        playing: Callable[[], Playing],
        parent: QWidget,
    ) -> None:
        """Look for cameras and show them; one that the window plays is not opened again."""
        super().__init__(parent)
        self._settings, self._worker, self._playing = settings, worker, playing
        self._cameras: list[CameraInfo] = []
        self._looking = self._gone = False
        self.setWindowTitle(self.tr("Camera"))
        self.resize(720, 460)
        self.names = QListWidget()
        self.names.setAccessibleName(self.tr("Cameras"))
        self.names.setFixedWidth(_NAMES)
        self.names.currentRowChanged.connect(self._show)
        self.names.itemActivated.connect(lambda _: self.accept())
        self.preview = Preview(worker)
        self.preview.picture.setAccessibleName(self.tr("Preview"))
        self.resolution = QComboBox()
        self.resolution.setAccessibleName(self.tr("Resolution"))
        self.resolution.addItem(self.tr("Camera default"), "")
        for size in RESOLUTIONS:
            self.resolution.addItem(size.replace("x", " × "), size)
        wanted = self.resolution.findData(settings.get(RESOLUTION))
        self.resolution.setCurrentIndex(max(0, wanted))
        self.resolution.activated.connect(self._set_resolution)
        self.mirror = QCheckBox(self.tr("&Mirror the picture"))
        self.mirror.setToolTip(
            self.tr(
                "Affects only the display; recognition and recordings use the original picture."
            )
        )
        self.mirror.setChecked(settings.get(MIRROR))
        self.mirror.toggled.connect(self._set_mirror)
        self.preview.picture.set_mirrored(self.mirror.isChecked())
        self.again = new_button(self.tr("&Search again"), self.look)
        self.again.setAutoDefault(False)
        self.open_button = new_button(self.tr("&Open"), self.accept, "primary")
        self.open_button.setDefault(True)
        cancel = new_button(self.tr("Cancel"), self.reject)
        cancel.setAutoDefault(False)
        self._lay_out(cancel)
        self.finished.connect(self._finish)
        self.look()

    def look(self) -> None:
        """Look for cameras, off the window's thread."""
        self.names.clear()
        self._cameras = []
        self._looking = True
        self.open_button.setEnabled(False)
        self.again.setEnabled(False)
        self.preview.show_words(self.tr("Looking for cameras ..."))
        self._worker.run(list_cameras, self._found, self._not_found, "list cameras")

    def _lay_out(self, cancel: QPushButton) -> None:
        label = QLabel(self.tr("&Resolution"))
        label.setBuddy(self.resolution)
        choices = in_row(label, self.resolution, STRETCH, self.mirror, spacing=12)
        right = in_column((self.preview, 1), choices, spacing=12)
        both = in_row(self.names, (right, 1), spacing=16)
        buttons = in_row(self.again, STRETCH, cancel, self.open_button)
        in_column((both, 1), buttons, spacing=16, margins=16, on=self)

    @property
    def address(self) -> str:
        """What opens the chosen camera at the chosen resolution, "" where there is none."""
        row = self.names.currentRow()
        if not 0 <= row < len(self._cameras):
            return ""
        return camera_address(self._cameras[row].index, self.resolution.currentData())

    def _found(self, cameras: Sequence[CameraInfo]) -> None:
        if not self._looked():
            return
        self._cameras = list(cameras)
        self.names.addItems([camera.name for camera in cameras])
        names = [camera.name for camera in cameras]
        last = self._settings.get(NAME)
        if not cameras:
            self.preview.show_words(self.tr("No camera was found. Plug one in, then search again."))
        self.names.setCurrentRow(names.index(last) if last in names else 0)
        self.open_button.setEnabled(bool(cameras))
        self.names.setFocus(Qt.FocusReason.OtherFocusReason)

    def _not_found(self, sentence: str) -> None:
        if self._looked():
            self.preview.show_words(sentence)

    def _looked(self) -> bool:
        """Take note that the look is over; say whether the dialog is still there."""
        self._looking = False
        self.again.setEnabled(True)
        if self._gone:
            self.deleteLater()
        return not self._gone

    def _show(self, _: int = 0) -> None:
        if not self.address:
            return
        playing, capture = self._playing()
        if capture is not None and camera_index(playing) == camera_index(self.address):
            self.preview.show_capture(capture)
        else:
            self.preview.show_camera(self.address)

    def _set_resolution(self) -> None:
        self._settings.set(RESOLUTION, self.resolution.currentData())
        self._show()

    def _set_mirror(self, mirror: bool) -> None:
        self._settings.set(MIRROR, mirror)
        self.preview.picture.set_mirrored(mirror)

    def _finish(self, result: int) -> None:
        address = self.address if result == QDialog.DialogCode.Accepted else ""
        if address:
            self._settings.set(NAME, self._cameras[self.names.currentRow()].name)

        def released() -> None:
            if address:
                self.chosen.emit(address)
            self._gone = True
            if not self._looking:  # else the result is still to be shown
                self.deleteLater()

        self.preview.release(released)


def camera_address(index: int, resolution: str) -> str:
    """Return the address of a camera, at a resolution such as "1280x720", "" for its own."""
    return f"{index}@{resolution}" if resolution else str(index)
