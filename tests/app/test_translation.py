"""The window can be translated: every text goes through tr(), and a translation shows."""

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from xml.etree import ElementTree

import PySide6
import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QWidget

from lrcn_desktop.app.main_window import MainWindow
from lrcn_desktop.app.settings import Settings
from lrcn_desktop.app.translation import LANGUAGE, folders, install_translation, languages
from lrcn_desktop.model.library import model_paths
from lrcn_desktop.model.presets import PRESETS
from tools.screenshots.windows import windows

PACKAGE = Path(__file__).parents[2] / "lrcn_desktop"
FORMATS = PACKAGE / "recognition" / "export" / "formats.py"  # what the window offers
FILES = sorted([*(PACKAGE / "app").rglob("*.py"), FORMATS])
TRANSLATING = {"tr", "_tr", "translate"}
# Calls whose texts are read on the screen or by a screen reader.
SHOWING = {
    "QAction", "QCheckBox", "QGroupBox", "QLabel", "QPushButton", "QRadioButton", "addAction",
    "addButton", "addItem", "addMenu", "addTab", "drawText", "setAccessibleDescription",
    "setAccessibleName", "setHeaderLabels", "setInformativeText", "setItemText", "setLabelText",
    "setPlaceholderText", "setStatusTip", "setSuffix", "setText", "setTitle", "setToolTip",
    "setWindowTitle", "show_error", "show_message", "show_progress", "add_choice", "add_check",
    "add_number", "add_row",
}  # fmt: skip
SAME_EVERYWHERE = {"English", "LRCN Desktop"}
TOOLS = Path(PySide6.__file__).parent
LUPDATE, LRELEASE = (shutil.which(tool, path=str(TOOLS)) for tool in ("lupdate", "lrelease"))


def name_of(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "attr", getattr(function, "id", ""))


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield str(path.relative_to(PACKAGE)), node


def is_text(node: ast.expr) -> str:
    """Return the words in a bare literal, without what is the same in every language."""
    if isinstance(node, ast.JoinedStr):
        parts = [v.value for v in node.values if isinstance(v, ast.Constant)]
        text = " ".join(map(str, parts))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
    else:
        return ""
    text = re.sub(r"<[^>]*>|&\w+;|&#\d+;|style=\S+|[\w-]+\.\w+", "", text)
    words = text if re.search(r"[A-Za-z]{2}", text) else ""
    return "" if words in SAME_EVERYWHERE or "/" in words else words


def test_no_text_is_shown_outside_tr() -> None:
    wrong = []
    for path, call in calls():
        shown = call.args[:1] if name_of(call).startswith("add_") else call.args
        if name_of(call) in SHOWING:
            wrong += [(path, node.lineno, words) for node in shown if (words := is_text(node))]
    assert not wrong


def test_texts_in_tr_are_whole_literals() -> None:
    """An f-string's text depends on what is put into it, so it is never found in a translation."""
    made = [
        (path, call.lineno, ast.unparse(call))
        for path, call in calls()
        if name_of(call) in TRANSLATING and any(isinstance(a, ast.JoinedStr) for a in call.args)
    ]
    assert not made


def sources() -> set[str]:
    """Return the literals that are given to tr()."""
    found: set[str] = set()
    for _, call in calls():
        place = 1 if name_of(call) == "translate" else 0  # after the context
        literals = [a.value for a in call.args[place:] if isinstance(a, ast.Constant)]
        if name_of(call) in TRANSLATING and literals and isinstance(literals[0], str):
            found.add(literals[0])
    return found


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a translation of every text by itself after a mark, made with Qt's own tools."""
    if LUPDATE is None or LRELEASE is None:
        pytest.skip("PySide6's lupdate and lrelease are not here")
    folder = tmp_path_factory.mktemp("translation")
    listed, texts, compiled = folder / "files", folder / "eo.ts", folder / "eo.qm"
    listed.write_text("\n".join(map(str, FILES)))
    alias = ["-tr-function-alias", "tr+=_tr"]
    command = [LUPDATE, f"@{listed}", *alias, "-target-language", "eo", "-ts", str(texts)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    tree = ElementTree.parse(texts)
    for message in tree.iter("message"):
        source, translation = message.find("source"), message.find("translation")
        assert source is not None
        assert translation is not None
        for form in list(translation) or [translation]:  # one for each number, or one
            form.text = f"‹{source.text}"
        translation.attrib.pop("type", None)
    tree.write(texts, encoding="utf-8", xml_declaration=True)
    command = [LRELEASE, str(texts), "-qm", str(compiled)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return compiled


def test_lupdate_finds_every_text(pseudo: Path) -> None:
    tree = ElementTree.parse(pseudo.with_suffix(".ts"))
    found = {source.text for source in tree.iter("source")}
    assert sources() - found == set()


def texts(widget: QWidget) -> Iterator[str]:
    """Yield what the user reads in a window, and what a screen reader says of it."""
    yield widget.windowTitle()
    for part in widget.findChildren(QWidget):
        yield part.accessibleName()
        if isinstance(part, QLabel | QAbstractButton):
            yield part.text()
        if isinstance(part, QComboBox):
            yield from (part.itemText(place) for place in range(part.count()))
    for action in widget.findChildren(QAction):
        if not type(action.parent()).__module__.startswith("pyqtgraph"):  # its menu is off
            yield action.text()


def test_a_translation_shows_in_every_window(
    qapp: QApplication, pseudo: Path, models: tuple[str, str]
) -> None:
    own = folders()[0]
    own.mkdir(parents=True)
    shutil.copy(pseudo, own)
    assert ("Esperanto", "eo") in [(name.capitalize(), code) for name, code in languages()]
    settings = Settings()
    settings.set(LANGUAGE, "eo")
    translators = install_translation(qapp, settings)
    window = MainWindow("cpu", models[0], settings)
    try:
        window.show()
        english: set[str] = set()
        seen: set[str] = set()
        for name, shown in chain([("window", window)], windows(window, settle=0.2)):
            seen.add(name)
            english |= {text for text in texts(shown) if is_english(text)}
        assert len(seen) > 5
        assert not english, "\n".join(sorted(english))
    finally:
        window.close()
        window.deleteLater()
        for translator in translators:
            qapp.removeTranslator(translator)


def is_english(text: str) -> bool:
    bare = re.sub(r"<[^>]*>|&nbsp;|&(?=\w)", "", text)
    words = re.search(r"[A-Za-z]{3}", bare) is not None
    known = text in NAMES or any(part in text for part in OTHERS)
    return words and "‹" not in text and not known


# What is not the window's own words: names, what files say of themselves, and Qt's buttons, which
# Qt's own translations are for.
NAMES = {
    "English",
    "Esperanto",
    "Cancel",
    "Save",
    "OK",
    "Scroll Left",
    "Scroll Right",
    *PRESETS,
    *model_paths(),
}
OTHERS = (".safetensors", "cross-validation", ".mp4", *(p.summary for p in PRESETS.values()))
