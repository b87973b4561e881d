"""The transport bar: play, step, seek, speed, pace, reset and full screen."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from lrcn_desktop.app.widgets.building import in_row, new_button, new_label
from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme

SPEEDS = (0.25, 0.5, 1.0, 1.5, 2.0, 4.0)
_MINUTE = 60.0  # seconds
_TICKS = 100  # slider positions a second
_ROOMY = 680  # pixels; narrower, what is in the menu too is left out


class SeekSlider(QSlider):
    """A slider that goes where it is clicked."""

    sought = Signal(float)  # seconds

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.sliderMoved.connect(lambda value: self.sought.emit(value / _TICKS))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Bring the handle under the pointer first, then drag as usual."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        groove, handle = (
            self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
            for part in (QStyle.SubControl.SC_SliderGroove, QStyle.SubControl.SC_SliderHandle)
        )
        if event.button() == Qt.MouseButton.LeftButton and self.maximum() > 0:
            span = groove.width() - handle.width()
            offset = round(event.position().x()) - groove.x() - handle.width() // 2
            value = QStyle.sliderValueFromPosition(0, self.maximum(), offset, span)
            self.setValue(value)
            self.sought.emit(value / _TICKS)
        super().mousePressEvent(event)


class TransportBar(QWidget):
    """Controls of what plays; those that the source cannot do are hidden."""

    play_clicked = Signal()
    step_clicked = Signal()
    back_clicked = Signal()
    sought = Signal(float)  # seconds
    speed_chosen = Signal(float)
    every_frame_chosen = Signal(bool)
    reset_clicked = Signal()
    full_screen_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._face = ""
        self._can_seek, self._slider_wanted, self._alone = False, True, False
        self._full_screen_face = "full-screen"
        self._play = _button(self.tr("Play or pause"), self.tr("Play or pause (Space)"))
        self._play.setObjectName("primary")
        self._play.clicked.connect(self.play_clicked)
        self._back = _button(self.tr("Previous frame"), self.tr("Previous frame (,)"))
        self._back.clicked.connect(self.back_clicked)
        self._step = _button(self.tr("Next frame"), self.tr("Next frame (.)"))
        self._step.clicked.connect(self.step_clicked)
        self._time = new_label(name=self.tr("Time"))
        self._slider = SeekSlider()
        self._slider.setAccessibleName(self.tr("Seek"))
        self._slider.sought.connect(self.sought)
        self._speed = QComboBox()
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setToolTip(self.tr("Speed (< and >)"))
        for speed in SPEEDS:
            self._speed.addItem(speed_text(speed), speed)
        self._speed.activated.connect(
            lambda _: self.speed_chosen.emit(float(self._speed.currentData()))
        )
        self._pace = QComboBox()
        self._pace.setAccessibleName(self.tr("Pace"))
        self._pace.addItem(self.tr("Keep up"), False)
        self._pace.addItem(self.tr("Every frame"), True)
        self._pace.setToolTip(
            self.tr(
                "Keep up: play at the right speed and skip frames where needed.\n"
                "Every frame: recognize each one, however long it takes."
            )
        )
        self._pace.activated.connect(
            lambda _: self.every_frame_chosen.emit(bool(self._pace.currentData()))
        )
        self._reset = new_button(
            self.tr("Reset"),
            self.reset_clicked,
            name=self.tr("Reset the recognition"),
            tip=self.tr("Reset the recognition (R)"),
        )
        self.full_screen = _button(self.tr("Full screen"), self.tr("Full screen (F11)"))
        self.full_screen.clicked.connect(self.full_screen_clicked)
        self._space = QWidget()
        moves = (self._play, self._back, self._step, self._time)
        rest = (self._speed, self._pace, self._reset, self.full_screen)
        place = ((self._slider, 1), (self._space, 1))
        self._layout = in_row(*moves, *place, *rest, spacing=8, margins=0, on=self)
        for child in self.findChildren(QWidget):  # a click leaves Space to play and pause
            if child.focusPolicy() != Qt.FocusPolicy.NoFocus:
                child.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_source(None, seekable=False, live=False)
        follow_theme(self._apply_theme)

    def add(self, control: QWidget) -> None:
        """Add a part's control, before the speed."""
        self._layout.insertWidget(self._layout.indexOf(self._speed), control)

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self._back.setIcon(icon("step-back", theme.text))
        self._step.setIcon(icon("step", theme.text))
        self.full_screen.setIcon(icon(self._full_screen_face, theme.text))
        self._reset.setIcon(icon("reset", theme.text))
        self._face, face = "", self._face
        self._show_face(face or "play")

    def set_source(self, duration: float | None, *, seekable: bool, live: bool) -> None:
        """Show the controls that a source has.

        Args:
            duration: Seconds, or None when unknown or endless.
            seekable: Whether it can seek.
            live: Whether it comes on its own clock.
        """
        self._can_seek = seekable and duration is not None
        self._show_slider()
        self._slider.setMaximum(round((duration or 0.0) * _TICKS))
        self._slider.setSingleStep(5 * _TICKS)
        self._back.setVisible(seekable)
        self._step.setVisible(not live)
        self._live, self._duration = live, duration
        self._show_what_fits()

    def set_seek_slider(self, wanted: bool) -> None:
        """Show the slider where the source can seek, or leave seeking to the timeline."""
        self._slider_wanted = wanted
        self._show_slider()

    @property
    def seek_slider_shown(self) -> bool:
        """Whether the slider is there."""
        return not self._slider.isHidden()

    @property
    def time_text(self) -> str:
        """The position, and the duration where there is one."""
        return self._time.text()

    def set_every_frame(self, every_frame: bool) -> None:
        """Show the chosen pace."""
        self._pace.setCurrentIndex(self._pace.findData(every_frame))

    def set_speed(self, speed: float) -> None:
        """Show the chosen speed, one of `SPEEDS`."""
        self._speed.setCurrentIndex(self._speed.findData(speed))

    def set_full_screen(self, full_screen: bool) -> None:
        """Offer the way into full screen, or out of it; there the slider is always shown."""
        self._alone = full_screen
        self._show_slider()
        self._full_screen_face = "leave-full-screen" if full_screen else "full-screen"
        self.full_screen.setIcon(icon(self._full_screen_face, current_theme().text))

    def show_state(self, position: float, *, paused: bool, ended: bool) -> None:
        """Show where the source is (seconds) and whether it plays."""
        self._show_face("replay" if ended else "play" if paused else "pause")
        self._step.setEnabled(not ended)
        text = clock(position, exact=paused)
        if self._live:
            text = self.tr("Live  {0}").format(text)
        elif self._duration is not None:
            text = f"{text} / {clock(self._duration)}"
        if text != self._time.text():
            self._time.setText(text)
        if not self._slider.isSliderDown():
            self._slider.setValue(round(position * _TICKS))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as many controls as there is room for."""
        super().resizeEvent(event)
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        for control in (self._speed, self._pace):
            control.setVisible(not self._live and self.width() >= _ROOMY)

    def _show_slider(self) -> None:
        shown = self._can_seek and (self._slider_wanted or self._alone)
        self._slider.setVisible(shown)
        self._space.setVisible(not shown)

    def _show_face(self, face: str) -> None:
        if face != self._face:
            self._face = face
            self._play.setIcon(icon(face, current_theme().on_accent))


def clock(seconds: float, *, exact: bool = False) -> str:
    """Return minutes and seconds, with hours where there are any; `exact`: to the millisecond."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"
    return f"{text}.{thousandths:03}" if exact else text


def length_text(seconds: float) -> str:
    """Return how long something lasts: rounded, where a clock would leave a second out."""
    return f"{seconds:.1f} s" if seconds < _MINUTE else clock(round(seconds))


def speed_text(speed: float) -> str:
    """Return a speed as the user reads it: "1.5×"."""
    return f"{speed:g}×"


def _button(name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(name)
    button.setToolTip(tip)
    button.setIconSize(QSize(20, 20))
    return button
