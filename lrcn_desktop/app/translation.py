"""The window in other languages: Qt's .qm files in assets/translations or in the data folder."""

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from lrcn_desktop.app.settings import Setting, Settings
from lrcn_desktop.paths import data_dir
from lrcn_desktop.resources import assets_dir

LANGUAGE = Setting("appearance/language", "")  # "": the system's


def folders() -> tuple[Path, ...]:
    """Return where translations lie (LANGUAGE.qm), the user's own first."""
    own = data_dir()
    return own / "translations", assets_dir() / "translations"


def languages() -> list[tuple[str, str]]:
    """Return each language that there is a translation for: its own name, and its code."""
    codes = {path.stem for folder in folders() for path in folder.glob("*.qm")}
    return [(QLocale(code).nativeLanguageName() or code, code) for code in sorted(codes)]


def install_translation(app: QCoreApplication, settings: Settings) -> list[QTranslator]:
    """Let the program speak the language that was chosen, or the system's; English else.

    Returns:
        What was installed, for `app.removeTranslator`.
    """
    chosen = settings.get(LANGUAGE)
    locale = QLocale(chosen) if chosen else QLocale.system()
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    installed = []
    for name, prefix, places in (("", "", folders()), ("qtbase", "_", (Path(qt),))):
        for folder in places:
            translator = QTranslator(app)
            if translator.load(locale, name, prefix, str(folder), ".qm"):
                app.installTranslator(translator)
                installed.append(translator)
                break
    return installed
