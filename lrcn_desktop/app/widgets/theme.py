"""The look: two small palettes, one accent color, one style sheet; it follows the system."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from lrcn_desktop.resources import assets_dir


@dataclass(frozen=True, slots=True)
class Theme:
    """The colors of one scheme, as #RRGGBB."""

    window: str
    panel: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    accent_hover: str
    on_accent: str
    amber: str
    amber_back: str
    danger: str
    danger_back: str


LIGHT = Theme(
    window="#F3F5F8",
    panel="#FFFFFF",
    raised="#E9EDF3",
    border="#D6DCE5",
    text="#1A1F29",
    muted="#5B6575",
    accent="#2563EB",
    accent_hover="#1D4FD0",
    on_accent="#FFFFFF",
    amber="#9A5B00",
    amber_back="#FFF3DC",
    danger="#B3261E",
    danger_back="#FDECEA",
)
DARK = Theme(
    window="#15181E",
    panel="#1C2027",
    raised="#282E38",
    border="#313844",
    text="#E7EAF0",
    muted="#9AA4B4",
    accent="#6EA2FF",
    accent_hover="#8DB6FF",
    on_accent="#0D1420",
    amber="#F5B545",
    amber_back="#33290F",
    danger="#FF8A80",
    danger_back="#3A1E1E",
)


def theme_for(scheme: Qt.ColorScheme) -> Theme:
    """Return the theme of a system's color scheme; light where the system does not say."""
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


class _Now(QObject):
    """The theme that the program has now."""

    changed = Signal(Theme)
    theme = LIGHT


_now = _Now()


def current_theme() -> Theme:
    """Return the program's theme; what paints with it is painted again when it changes."""
    return _now.theme


def follow_theme(take: Callable[[Theme], None]) -> None:
    """Call a widget's method with the program's theme, now and after every change."""
    take(_now.theme)
    _now.changed.connect(take)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program the theme: palette, style sheet and whatever follows it."""
    _now.theme = theme
    app.setStyle("Fusion")  # the one style that follows a palette everywhere
    app.setPalette(_palette(theme))
    app.setStyleSheet(_style_sheet(theme))
    _now.changed.emit(theme)


def _palette(theme: Theme) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for name, color in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.window),
        (role.Text, theme.text),
        (role.Button, theme.panel),
        (role.ButtonText, theme.text),
        (role.ToolTipBase, theme.panel),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.Link, theme.accent),
        (role.Mid, theme.border),
    ):
        palette.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText):
        faded = QColor(theme.muted)
        faded.setAlpha(150)
        palette.setColor(QPalette.ColorGroup.Disabled, name, faded)
    return palette


def _style_sheet(theme: Theme) -> str:
    sheet = (assets_dir() / "style.qss").read_text(encoding="utf-8")
    for name in Theme.__dataclass_fields__:
        sheet = sheet.replace(f"@{name};", f"{getattr(theme, name)};")
    sheet = sheet.replace("@check;", "check-dark" if theme is DARK else "check")
    return sheet.replace("@icons;", (assets_dir() / "icons").as_posix())
