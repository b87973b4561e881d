"""The report and the terminal's text: whole, harmless, and true to the figures."""

from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
import torch

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.backbones.vgg16 import VGG16
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS
from lrcn_desktop.training_events import Epoch
from training.evaluation.evaluation import CalibratedOn, Evaluation, JudgedClip, judge
from training.evaluation.report import write_report
from training.evaluation.text import describe
from training.evaluation.verdict import verdict

EVIL = "<script>alert(1)</script>\" onload='x' &amp;"
VOID = {"meta"}


class Page(HTMLParser):
    """What a page holds, if its tags close in the order in which they open."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(path.read_text("utf-8"))
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def info(classes: Sequence[str]) -> ModelInfo:
    spec = PRESETS["default"]
    return ModelInfo(
        name="mine",
        classes=tuple(classes),
        preset="default",
        backbone=spec.backbone,
        head=spec.head,
        step_rate=5.0,
        backbone_digest=VGG16.digest,
        training={"data": EVIL, "seed": 7, "split": "by groups", "clips_sha256": ["0a1b2c3d4e5f"]},
    )


def evaluation(
    classes: Sequence[str], *, memory: bool = True, stream: bool = False, seen: int = 0
) -> Evaluation:
    """Judge random networks on two clips per class, named after the class."""
    random = torch.Generator().manual_seed(0)
    clips = []
    for number in range(2 * len(classes)):
        labels = torch.full((12,), number % len(classes))
        if stream:
            labels[6:] = (number + 1) % len(classes)
        logits, baseline = torch.randn(2, 12, len(classes), generator=random)
        name = f"{classes[number % len(classes)]}/{number}"
        baseline_ = baseline if memory else None
        clips.append(JudgedClip(name, labels, logits, baseline_, 5.0, threshold=0.4))
    return judge(clips, classes, seen=seen)


HISTORY = [
    Epoch(
        fit=f"{fit}, {EVIL}",
        epoch=epoch,
        epochs=3,
        loss=1 / epoch,
        accuracy=1 - 1 / (epoch + 1),
        validation_loss=None if fit == "final" else 1 / epoch + 0.1,
        validation_accuracy=None if fit == "final" else 0.5,
        best=epoch == 2,
    )
    for fit in ("fold 1 of 1", "final")
    for epoch in (1, 2, 3, 3)
]


@pytest.mark.parametrize("count", [2, 7, 101])
@pytest.mark.parametrize(("memory", "stream"), [(True, False), (False, False), (True, True)])
def test_the_report_is_one_whole_file_that_runs_and_fetches_nothing(
    tmp_path: Path, count: int, memory: bool, stream: bool
) -> None:
    classes = [f"{EVIL}{number}" for number in range(count)]
    result = evaluation(classes, memory=memory, stream=stream, seen=1)
    path = tmp_path / "report.html"
    write_report(
        path,
        result,
        title=EVIL,
        info=info(classes),
        history=HISTORY,
        fusion={EVIL: result},
        current=result,
    )
    page = Page(path)
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "a"}
    keys = {key for _, attributes in page.tags for key in attributes}
    assert not [key for key in keys if key.startswith("on") or key in ("src", "href")]
    assert "http" not in path.read_text("utf-8").replace("http-equiv", "")
    assert EVIL in page.text
    assert f"{100 * result.headline:.1f}" in page.text
    assert "seed" in page.text
    assert "0a1b2c3d4e5f" not in page.text
    assert "nan" not in page.text.lower().split()


def test_the_report_tells_the_worst_clips_and_the_learning_curves(tmp_path: Path) -> None:
    classes = ("walk", "run", "jump")
    result, path = evaluation(classes), tmp_path / "report.html"
    write_report(path, result, title="t", info=info(classes), history=HISTORY)
    page = Page(path)
    assert result.worst
    for wrong in result.worst:
        assert wrong.name in page.texts
    marks = [a["class"] for tag, a in page.tags if tag == "circle" and "mark" in str(a["class"])]
    assert len(marks) == 4  # the best epoch of two fits, in loss and in accuracy
    write_report(path, result, title="t", info=info(classes))
    assert "Learning curves" not in Page(path).texts


def test_a_report_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    classes = ("walk", "run")
    with pytest.raises(UserError, match="does not exist"):
        write_report(
            tmp_path / "none" / "x.html", evaluation(classes), title="t", info=info(classes)
        )


def test_the_terminal_has_both_networks_side_by_side() -> None:
    text = describe(evaluation(("walk", "run"), seen=4))
    assert "frame average" in text
    assert "95 % intervals" in text
    assert "truth \\ said" in text
    assert "seconds seen" in text
    assert "trained on all of these clips" in text
    assert "3 of these 4 clips" in describe(
        replace(evaluation(("walk", "run")), seen_in_training=3)
    )
    assert "trained on" not in describe(evaluation(("walk", "run")))
    assert "frame average" not in describe(evaluation(("walk", "run"), memory=False))
    assert "clips right" not in describe(evaluation(("walk", "run"), stream=True))
    many = describe(evaluation([f"class {n}" for n in range(13)]))
    assert "truth \\ said" not in many
    assert "five most probable" in many


def judged(
    right: int, wrong: int, theirs: Sequence[bool] | None = None, size: int = 1
) -> Evaluation:
    """Judge clips of two classes, alternately; a share of them right, `size` in each group."""
    clips = []
    for number in range(right + wrong):
        truth = number % 2
        said = truth if number < right else 1 - truth
        other = None
        if theirs is not None:
            other = torch.eye(2)[[truth if theirs[number] else 1 - truth]] * 3
        steps = torch.eye(2)[[said]] * 3
        group = f"g{number // size}"
        clips.append(JudgedClip(f"{number}", torch.tensor([truth]), steps, other, 5.0, group))
    return judge(clips, ("a", "b"))


def test_the_verdict_is_no_better_than_the_evidence() -> None:
    assert "always guessing" in verdict(judged(80, 20))
    assert "not distinguishable from guessing" in verdict(judged(52, 48))
    assert "not distinguishable from guessing" in verdict(judged(4, 2))
    assert "100.0 % of 10 clips are right (95 % interval: 72 to 100)" in verdict(judged(10, 0))
    assert "it helps (1" in verdict(judged(100, 0, [n >= 20 for n in range(100)]))
    assert "does harm" in verdict(judged(80, 20, [True] * 100))
    assert "no clear difference" in verdict(judged(100, 0, [n >= 3 for n in range(100)]))
    assert "changes nothing" in verdict(judged(100, 0, [True] * 100))


def test_clips_of_few_groups_are_little_evidence() -> None:
    assert "100 clips of 4 groups are right" in verdict(judged(75, 25, size=25))
    assert "not distinguishable from guessing" in verdict(judged(75, 25, size=25))
    helped = [n >= 20 for n in range(100)]  # all twenty clips of one group
    assert "no clear difference" in verdict(judged(100, 0, helped, size=20))


def test_the_model_in_use_is_better_only_where_that_is_clear() -> None:
    new, used = judged(90, 10), judged(60, 40)
    assert "The model in use gets 60.0 %: the new one is better (2" in verdict(new, used)
    assert "the new one is worse" in verdict(used, new)
    assert "gets 88.0 %: no clear difference (" in verdict(new, judged(88, 12))
    assert "no clear difference (0.0 to 0.0 points)" in verdict(new, new)


def test_the_report_says_what_calibrated_the_model(tmp_path: Path) -> None:
    classes, path = ("walk", "run"), tmp_path / "report.html"
    cases: list[tuple[CalibratedOn, str]] = [
        ("other folds", "of the other folds"),
        ("these clips", "flatters both"),
    ]
    for on, words in cases:
        result = replace(evaluation(classes), calibrated_on=on)
        write_report(path, result, title="t", info=info(classes), protocol=f"by folds {EVIL}")
        assert words in Page(path).text
        assert f"by folds {EVIL}" in Page(path).text
        assert "95 % intervals, by a bootstrap over the 4 groups" in Page(path).text
