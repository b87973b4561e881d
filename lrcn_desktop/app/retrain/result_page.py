"""The third page: what the new model is worth, and what to do with it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lrcn_desktop.app.retrain.by_seconds import BySeconds
from lrcn_desktop.app.retrain.comparison import Comparison, Figure
from lrcn_desktop.app.retrain.confusion import ConfusionMatrix
from lrcn_desktop.app.retrain.figures import confusion, figure, interval, text
from lrcn_desktop.app.widgets.banner import ErrorBanner
from lrcn_desktop.training_events import Done


class ResultPage(QWidget):
    """The verdict, the figures beside the current model's, and "Use this model"."""

    used = Signal(str)  # the model's path
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._done: Done | None = None
        self.verdict, self._about = QLabel(), QLabel()
        font = self.verdict.font()
        font.setPointSizeF(font.pointSizeF() * 1.35)
        font.setBold(True)
        self.verdict.setFont(font)
        self._about.setObjectName("muted")
        self._remark = QLabel()
        self._remark.setObjectName("muted")
        for label in (self.verdict, self._about, self._remark):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.errors = ErrorBanner()
        self.comparison, self.confusion = Comparison(), ConfusionMatrix()
        self.by_seconds = BySeconds()
        self.use = QPushButton(self.tr("&Use this model"))
        self.use.setObjectName("primary")
        self.use.setMinimumHeight(38)
        self.report = QPushButton(self.tr("&Open the report"))
        self._again = QPushButton(self.tr("&Train again"))
        self.use.clicked.connect(self._use)
        self.report.clicked.connect(self._open_report)
        self._again.clicked.connect(self.again)
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
        title = QLabel(self.tr("Test"))
        title.setObjectName("title")
        matrix = QVBoxLayout()
        matrix.setSpacing(6)
        matrix.addWidget(title)
        matrix.addWidget(self.confusion, 1)
        matrix.addWidget(self._remark)
        left = QVBoxLayout()
        left.setSpacing(14)
        left.addWidget(self.comparison)
        left.addWidget(self.by_seconds, 1)
        left.addStretch()
        card = QWidget()
        card.setObjectName("card")
        card.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        body = QHBoxLayout(card)
        body.setContentsMargins(20, 16, 20, 16)
        body.setSpacing(32)
        body.addLayout(left, 5)
        body.addLayout(matrix, 4)
        foot = QHBoxLayout()
        foot.addWidget(self._again)
        foot.addStretch()
        foot.addWidget(self.report)
        foot.addWidget(self.use)
        head = QVBoxLayout()
        head.setSpacing(4)
        head.addWidget(self.verdict)
        head.addWidget(self._about)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.errors)
        layout.addWidget(card, 1)
        layout.addLayout(foot)

    def _use(self) -> None:
        if self._done is not None:
            self.show_use(in_use=False, loading=True)
            self.used.emit(self._done.model)

    def _open_report(self) -> None:
        if self._done is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(self._done.report))
