"""Which report belongs to which model: a training notes its model's file in its own folder."""

import json
from pathlib import Path

from lrcn_desktop.app.retrain.runs import DONE, runs_dir
from lrcn_desktop.files import atomic_write

_REPORT, _MODEL = "report.html", "model"


def find_reports() -> dict[Path, Path]:
    """Return the newest report of each model trained in the window, by the model's file."""
    reports: dict[Path, Path] = {}
    for report in sorted(runs_dir().glob(f"*/{_REPORT}"), key=lambda path: path.stat().st_mtime):
        try:
            told = json.loads((report.parent / DONE).read_text("utf-8"))
            reports[Path(told[_MODEL])] = report
        except Exception:
            continue  # not done, or not by this version: it is still found in its folder
    return reports


def move_report(report: Path | None, model: Path) -> None:
    """Note that a report's model has another file now.

    Raises:
        UserError: It cannot be noted.
    """
    if report is not None:
        with atomic_write(report.parent / DONE, "w") as file:
            json.dump({_MODEL: str(model)}, file)
