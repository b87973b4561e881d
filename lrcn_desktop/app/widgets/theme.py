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
    sheet = _SHEET
    for name in Theme.__dataclass_fields__:
        sheet = sheet.replace(f"@{name};", f"{getattr(theme, name)};")
    sheet = sheet.replace("@check;", "check-dark" if theme is DARK else "check")
    return sheet.replace("@icons;", (assets_dir() / "icons").as_posix())


_SHEET = """
QMenuBar { background: @window; color: @text; padding: 2px 6px; }
QMenuBar::item { padding: 5px 10px; border-radius: 5px; background: transparent; }
QMenuBar::item:selected { background: @raised; }
QMenu { background: @panel; color: @text; border: 1px solid @border; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 24px; border-radius: 5px; }
QMenu::item:selected { background: @raised; }
QMenu::item:disabled { color: @muted; }
QMenu::separator { height: 1px; background: @border; margin: 5px 8px; }
QToolTip { background: @panel; color: @text; border: 1px solid @border; padding: 4px; }

QPushButton, QToolButton, QComboBox {
    background: @panel; color: @text; border: 1px solid @border;
    border-radius: 7px; padding: 6px 12px;
}
QToolButton { padding: 6px; }
QPushButton:hover, QToolButton:hover, QComboBox:hover { background: @raised; }
QPushButton:focus, QToolButton:focus, QComboBox:focus { border-color: @accent; }
QPushButton:disabled, QToolButton:disabled, QComboBox:disabled { color: @muted; }
QPushButton#small { padding: 3px 10px; }
QToolButton#small { padding: 3px; border-color: transparent; }
QToolButton#small:focus { border-color: @accent; }
QPushButton#primary, QToolButton#primary {
    background: @accent; color: @on_accent; border-color: @accent; font-weight: 600;
}
QPushButton#primary:hover, QToolButton#primary:hover { background: @accent_hover; }
QToolButton#primary:disabled { background: @raised; border-color: @border; }
QPushButton#primary:disabled { background: @raised; border-color: @border; color: @muted; }
QComboBox { padding-right: 26px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url(@icons;/chevron.svg); width: 12px; height: 12px; }
QComboBox:editable { background: @panel; }
QLineEdit, QPlainTextEdit {
    background: @panel; color: @text; border: 1px solid @border; border-radius: 7px;
    padding: 6px 8px; selection-background-color: @accent; selection-color: @on_accent;
}
QComboBox QLineEdit { border: none; padding: 0; }
QLineEdit:focus, QPlainTextEdit:focus, QTreeView:focus, QTableView:focus { border-color: @accent; }
QTreeView, QTableView {
    background: @panel; color: @text; border: 1px solid @border; border-radius: 7px; padding: 2px;
    outline: none; show-decoration-selected: 1;
}
QTreeView::indicator, QListView::indicator {
    width: 14px; height: 14px; border: 1px solid @muted; border-radius: 4px; background: @panel;
}
QTreeView::indicator:checked, QListView::indicator:checked {
    background: @accent; border-color: @accent; image: url(@icons;/@check;.svg);
}
QTreeView::item { padding: 3px 4px; }
QTreeView::item:selected, QTableView::item:selected { background: @raised; color: @text; }
QListWidget {
    background: @panel; color: @text; border: 1px solid @border; border-radius: 7px; padding: 4px;
    outline: none;
}
QListWidget:focus { border-color: @accent; }
QListWidget::item { padding: 7px 8px; border-radius: 5px; }
QListWidget::item:hover { background: @window; }
QListWidget::item:selected { background: @raised; color: @text; }
QCheckBox, QRadioButton { color: @text; spacing: 8px; }
QCheckBox:disabled, QRadioButton:disabled { color: @muted; }
QCheckBox::indicator {
    width: 15px; height: 15px; border: 1px solid @muted; border-radius: 4px; background: @panel;
}
QCheckBox::indicator:checked {
    background: @accent; border-color: @accent; image: url(@icons;/@check;.svg);
}
QCheckBox::indicator:focus { border-color: @accent; }
QSpinBox, QDoubleSpinBox {
    background: @panel; color: @text; border: 1px solid @border; border-radius: 7px;
    padding: 5px 8px; selection-background-color: @accent; selection-color: @on_accent;
}
QSpinBox:focus, QDoubleSpinBox:focus { border-color: @accent; }
QAbstractSpinBox QLineEdit { border: none; background: transparent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QHeaderView::section {
    background: @panel; color: @muted; border: none; border-bottom: 1px solid @border;
    padding: 5px 6px;
}
QProgressBar { background: @raised; border: none; border-radius: 4px; max-height: 8px; }
QProgressBar::chunk { background: @accent; border-radius: 4px; }
QScrollBar:vertical { background: transparent; width: 10px; }
QScrollBar:horizontal { background: transparent; height: 10px; }
QScrollBar::handle { background: @border; border-radius: 5px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QComboBox QAbstractItemView { background: @panel; color: @text; border: 1px solid @border; }

QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: @border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: @accent; }
QSlider::handle:horizontal {
    width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: @accent;
}
QSlider::handle:horizontal:hover { background: @accent_hover; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: @border; border-radius: 3px; }
QTabWidget::pane { border: none; }
QTabWidget { background: transparent; }
QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: @muted; border: none; border-bottom: 2px solid transparent;
    padding: 5px 10px; margin-right: 2px;
}
QTabBar::tab:hover { color: @text; }
QTabBar::tab:selected { color: @text; border-bottom-color: @accent; font-weight: 600; }
QTabBar::tab:focus { color: @accent; }

QScrollArea#page, QScrollArea#page > QWidget > QWidget { background: transparent; border: none; }
#card { background: @panel; border: 1px solid @border; border-radius: 10px; }
#title { font-weight: 600; }
QPushButton#link { background: transparent; border-color: transparent; padding: 4px 10px; }
QPushButton#link:hover { background: @raised; }
QPushButton#link:focus { border-color: @accent; }
QPushButton#inline {
    background: transparent; border-color: transparent; color: @accent; padding: 2px 5px;
    font-weight: 600;
}
QPushButton#inline:hover { background: @raised; }
QPushButton#inline:focus { border-color: @accent; }
#muted { color: @muted; }
#guide { background: @panel; border: 1px solid @border; border-radius: 10px; }
#figures { background: @window; }
#slow { background: @amber_back; color: @amber; border-radius: 7px; padding: 6px 10px; }
#code {
    background: @raised; color: @muted; border-radius: 7px; padding: 8px 14px;
    font-family: monospace;
}
#indicator {
    background: transparent; color: @accent; border: 1px solid transparent;
    font-weight: 600; padding: 4px 12px;
}
#amber { color: @amber; font-weight: 600; }
#error { background: @danger_back; border: 1px solid @danger; border-radius: 8px; }
#error QLabel { color: @danger; }
#note { background: @amber_back; border: 1px solid @amber; border-radius: 8px; }
#note QLabel { color: @amber; }
#note QToolButton { background: transparent; border: none; color: @amber; }
#note QPushButton {
    background: transparent; border-color: @amber; color: @amber; padding: 3px 10px;
}
#progress { background: @panel; border: 1px solid @border; border-radius: 8px; }
#progress QToolButton { background: transparent; border: none; }
#error QPushButton, #error QToolButton { background: transparent; border: none; color: @danger; }
"""
