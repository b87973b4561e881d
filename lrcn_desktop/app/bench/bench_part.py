"""The speed of this computer as an ability of the window: bench in a process of its own."""

import re
from functools import partial
from pathlib import Path

from lrcn_desktop.app.bench.bench_window import BenchWindow
from lrcn_desktop.app.bench.groups import BenchFile
from lrcn_desktop.app.host import Host
from lrcn_desktop.app.part import Part
from lrcn_desktop.app.retrain.child import Child
from lrcn_desktop.app.widgets.window import bring_forward
from lrcn_desktop.files import make_private
from lrcn_desktop.guard import read_json
from lrcn_desktop.paths import cache_dir

_PART = re.compile(r"measuring \((\d+) of (\d+)\)")  # as the command says it


class BenchPart(Part):
    """An entry of the Model menu: shows what was measured last, and measures again.

    Attributes:
        window: Its window, None before it was first wanted.
    """

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self.window: BenchWindow | None = None
        self._child: Child | None = None
        self._cancelled = False
        host.menus.add(host.menus.models, self.tr("&Speed of this computer..."), self.open)

    def open(self) -> BenchWindow:
        """Show the window, with what was measured last."""
        if self.window is None:
            self.window = BenchWindow(self._host.window)
            self.window.wanted.connect(self.start)
            self.window.cancelled.connect(self.cancel)
        bring_forward(self.window)
        self._read()
        return self.window

    def start(self) -> None:
        """Measure, in a process of its own."""
        assert self.window is not None
        if self._child is not None:
            return
        self.window.errors.hide()
        self._cancelled = False
        try:
            make_private(cache_dir())
        except OSError as error:
            self.window.errors.show_error(f"{cache_dir()}: {error.strerror}.")
            return
        child = Child(self)
        child.looked.connect(self._look)
        child.ended.connect(self._ended)
        self._child = child
        self.window.show_progress(0, 0)
        device = self._host.document.session.device
        child.start(["bench", "--device", device, "--json", str(_file())])

    def cancel(self) -> None:
        """Stop measuring; what was measured before stays."""
        if self._child is not None:
            self._cancelled = True
            self._child.interrupt()

    def close(self) -> None:
        """End the process: what it measures can be measured again."""
        if self._child is not None:
            self._child.finish(0.0)
        if self.window is not None:
            self.window.close()

    def _look(self) -> None:
        assert self.window is not None
        assert self._child is not None
        parts = [found for line in self._child.log if (found := _PART.match(line))]
        if parts:
            self.window.show_progress(int(parts[-1][1]), int(parts[-1][2]))

    def _ended(self, status: int, killed: bool) -> None:
        assert self.window is not None
        child, self._child = self._child, None
        assert child is not None
        child.deleteLater()
        self.window.show_idle()
        if status == 0 and not killed:
            self._read()
        elif not self._cancelled:
            sentence = child.last_words.removeprefix("lrcn-desktop: ")
            self.window.errors.show_error(sentence or self.tr("The measurement broke off."))

    def _read(self) -> None:
        """Show what was measured last, once it is read."""
        assert self.window is not None
        if _file().exists():
            self._host.worker.run(
                partial(read_json, _file(), BenchFile, "is not what bench writes"),
                self.window.show_result,
                self.window.errors.show_error,
                "read the measurement",
            )


def _file() -> Path:
    return cache_dir() / "bench.json"
