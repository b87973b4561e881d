"""The third page: what the new model is worth, and what to do with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lrcn_desktop.app.retrain.by_seconds import BySeconds
from lrcn_desktop.app.retrain.comparison import Comparison, Figure
from lrcn_desktop.app.retrain.confusion import ConfusionMatrix
from lrcn_desktop.app.retrain.figures import confusion, figure, interval, text
from lrcn_desktop.app.widgets.banner import ErrorBanner
from lrcn_desktop.app.widgets.building import (
    STRETCH,
    as_card,
    enlarge,
    in_column,
    in_row,
    new_button,
    new_label,
)
from lrcn_desktop.app.widgets.window import show_outside
from lrcn_desktop.training_events import Done


class ResultPage(QWidget):
    """The verdict, the figures beside the current model's, and "Use this model"."""

    used = Signal(str)  # the model's path
    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._done: Done | None = None
        self.verdict = enlarge(new_label(wraps=True, selectable=True))
        self._about = new_label(style="muted", wraps=True, selectable=True)
        self._remark = new_label(style="muted", wraps=True, selectable=True)
        self.errors = ErrorBanner()
        self.comparison, self.confusion = Comparison(), ConfusionMatrix()
        self.by_seconds = BySeconds()
        self.use = new_button(self.tr("&Use this model"), self._use, "primary")
        self.use.setMinimumHeight(38)
        self.report = new_button(self.tr("&Open the report"), self._open_report)
        self._again = new_button(self.tr("&Train again"), self.again)
        self._lay_out()

    def show_result(self, done: Done, current: str) -> None:
        """Show a training's outcome; `current`: the name of the model that is in use."""
        self._done = done
        new, now = done.evaluation, done.current
        name = Path(done.model).stem
        self.errors.hide()
        self.verdict.setText(done.verdict)
        self._about.setText(self._judged_on(name, new))
        models, rows, curves = [name], [(new, "accuracy")], [(new, "mean")]
        if new.get("memory") is not False:
            models.append(self.tr("without memory"))
            rows.append((new, "baseline"))
            curves.append((new, "baseline_mean"))
        if now is not None:
            models.append(self.tr("{0} (in use)").format(current))
            rows.append((now, "accuracy"))
            curves.append((now, "mean"))
        titles = {
            "clip_mean": self.tr("Clip accuracy (mean over the clip)"),
            "clip_last": self.tr("Clip accuracy (last step)"),
            "frame": self.tr("Step accuracy"),
        }
        figures = (
            Figure(
                title,
                tuple(figure(of, side, key) for of, side in rows),
                tuple(interval(of, "intervals", side, key) for of, side in rows),
            )
            for key, title in titles.items()
        )
        self.comparison.show_figures(models, [f for f in figures if f.values[0] is not None])
        self.by_seconds.show_models(models, curves)
        self.confusion.show_matrix(*confusion(new))
        self._remark.setText(self._remarks(done, current))
        self._remark.setVisible(bool(self._remark.text()))
        self.report.setVisible(bool(done.report) and Path(done.report).exists())
        self.show_use(in_use=False)
        self.use.setFocus()

    def show_use(self, *, in_use: bool, loading: bool = False) -> None:
        """Say whether the new model is the one in use."""
        self.use.setEnabled(not in_use and not loading)
        self.use.setText(
            self.tr("In use now")
            if in_use
            else self.tr("Loading ...")
            if loading
            else self.tr("&Use this model")
        )

    def _judged_on(self, name: str, evaluation: Mapping[str, Any]) -> str:
        clips, groups = figure(evaluation, "clips"), figure(evaluation, "groups")
        if clips is None:
            return name
        if groups is None or groups == clips:
            text = self.tr("{0}, tested on {1:.0f} clips that it was not trained on")
            return text.format(name, clips)
        text = self.tr("{0}, tested on {1:.0f} clips of {2:.0f} groups that it was not trained on")
        return text.format(name, clips, groups)

    def _remarks(self, done: Done, current: str) -> str:
        remarks = [text(done.evaluation, "streams", "text")]
        error = figure(done.evaluation, "ece")
        if error is not None:
            remarks.append(
                self.tr("Its probabilities are off by {0:.1f} points on average.").format(
                    100 * error
                )
            )
        if interval(done.evaluation, "intervals", "accuracy", "frame") is not None:
            remarks.append(
                self.tr("The thin lines show where the figures of other groups may lie (95 %).")
            )
        if done.evaluation.get("calibrated_on") == "these clips":
            remarks.append(self.tr("These clips also calibrated the model, which flatters it."))
        seen = figure(done.current, "seen_in_training")
        if seen:
            remarks.append(
                self.tr(
                    "{0} was trained on {1:.0f} of these clips, so it looks too good here."
                ).format(current, seen)
            )
        return " ".join(filter(None, remarks))

    def _lay_out(self) -> None:
        title = new_label(self.tr("Test"), "title")
        matrix = in_column(title, (self.confusion, 1), self._remark, spacing=6)
        left = in_column(self.comparison, (self.by_seconds, 1), STRETCH, spacing=14)
        card = as_card(QWidget())
        in_row((left, 5), (matrix, 4), spacing=32, margins=(20, 16, 20, 16), on=card)
        foot = in_row(self._again, STRETCH, self.report, self.use)
        head = in_column(self.verdict, self._about, spacing=4)
        in_column(head, self.errors, (card, 1), foot, spacing=12, margins=0, on=self)

    def _use(self) -> None:
        if self._done is not None:
            self.show_use(in_use=False, loading=True)
            self.used.emit(self._done.model)

    def _open_report(self) -> None:
        if self._done is not None:
            show_outside(self._done.report)
