"""The sound of what plays, and whether it is muted."""

from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton

from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.settings import Setting
from lrcn_desktop.app.widgets.icons import icon
from lrcn_desktop.app.widgets.theme import Theme, current_theme, follow_theme
from lrcn_desktop.video.capture import Capture
from lrcn_desktop.video.sound import SoundPlayer

MUTED = Setting("sound/muted", False)


class SoundPart(Part):
    """Plays a file's sound while its picture plays as in life; a button and an entry mute it."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._capture: Capture | None = None  # the one that `player` follows
        self.player: SoundPlayer | None = None
        menus, toggle = host.menus, partial(host.settings.toggle, MUTED)
        self._mute = menus.add(
            menus.playback, self.tr("M&ute"), toggle, "M", needs="file", before=menus.pace
        )
        self._mute.setCheckable(True)
        self.button = QToolButton()
        self.button.setIconSize(QSize(20, 20))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves Space to play
        self.button.clicked.connect(lambda: toggle())
        host.places.transport.add(self.button)
        host.document.source_changed.connect(self._show_source)
        host.settings.changed.connect(self._follow_settings)
        host.ticker.every(0, self._follow)
        follow_theme(self._apply_theme)
        self._show_source()
        self._show_muted()

    def close(self) -> None:
        """Be silent."""
        player, self.player = self.player, None
        if player is not None:
            player.stop()

    @property
    def muted(self) -> bool:
        """Whether the user wants no sound."""
        return self._host.settings.get(MUTED)

    def _show_source(self) -> None:
        """Stop the sound of the source before, and be ready for that of this one."""
        capture = self._host.document.capture
        if capture is not self._capture:
            self.close()
            self._capture = capture
            source = capture.source if capture is not None else None
            if source is not None and source.has_sound and source.file is not None:
                self.player = SoundPlayer(source.file)
                self.player.start()
        heard = self.player is not None
        self.button.setVisible(heard)
        self._host.menus.allow(self._mute, heard)

    def _follow(self) -> None:
        if self.player is not None and self._capture is not None:
            self.player.follow(None if self.muted else self._capture.clock)

    def _follow_settings(self, setting: Setting[Any]) -> None:
        if setting == MUTED:
            self._show_muted()
            self._follow()

    def _show_muted(self) -> None:
        words = self.tr("Sound on") if self.muted else self.tr("Mute")
        self._mute.setChecked(self.muted)
        self.button.setToolTip(self.tr("{0} (M)").format(words))
        self.button.setAccessibleName(words)
        self._apply_theme(current_theme())

    def _apply_theme(self, theme: Theme) -> None:
        """Take the theme's colors."""
        self.button.setIcon(icon("muted" if self.muted else "sound", theme.text))
