"""The end of a run: the model, its report, and the comparison with the model that it replaces."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model import Model, load_model, save_model
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.training_events import Done
from training.evaluation.evaluation import Evaluation
from training.evaluation.report import write_report
from training.evaluation.stream_figures import StreamEvaluation
from training.evaluation.stream_report import as_json
from training.evaluation.verdict import verdict
from training.features.folder import FeatureClip, FeatureSet
from training.fitting.distributed import ProcessGroup
from training.fitting.inputs import examples_of, pooled
from training.progress import Reporter
from training.run.figures import evaluate_other
from training.run.folder import RunFolder
from training.run.networks import from_model
from training.run.prepare import kind_for


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run made.

    Attributes:
        info: The model that was saved.
        evaluation: On clips that it was not fitted to.
        report: The HTML file.
    """

    info: ModelInfo
    evaluation: Evaluation
    report: Path


def conclude(
    folder: RunFolder,
    reporter: Reporter,
    processes: ProcessGroup,
    model: Model,
    evaluation: Evaluation,
    streams: StreamEvaluation | None,
    test: Sequence[FeatureClip],
    features: FeatureSet,
) -> Outcome:
    """Save a run's model and its report, and say so.

    Args:
        model: What was fitted, with all its figures.
        evaluation: On clips that it was not fitted to.
        streams: On streams of such clips.
        test: Those clips.
        features: The data set that they belong to.

    Raises:
        UserError: A file cannot be written, or the model to compare with is at fault.
    """
    report = folder.path / "report.html"
    outcome = Outcome(model.info, evaluation, report)
    if not processes.is_main:
        return outcome
    current = _compare(folder, reporter, processes, replace(features, clips=tuple(test)))
    save_model(Path(folder.settings.out), model)
    write_report(
        report,
        evaluation,
        title=model.info.name,
        info=model.info,
        history=folder.history(),
        current=current,
        protocol=model.info.test["protocol"],
        streams=streams,
    )
    folder.finish()
    reporter.event(
        Done(
            model=folder.settings.out,
            report=str(report),
            evaluation=evaluation.to_json()
            | ({} if streams is None else {"streams": as_json(streams)}),
            current=current.to_json() if current is not None else None,
            verdict=verdict(evaluation, current),
        )
    )
    return outcome


def _compare(
    folder: RunFolder, reporter: Reporter, processes: ProcessGroup, test: FeatureSet
) -> Evaluation | None:
    """Judge the model that this one may replace, on the same clips."""
    if folder.settings.compare is None:
        return None
    other = load_model(find_model(folder.settings.compare))
    name = other.info.name
    if kind_for(other, test.kind.rate) != test.kind:
        reporter.note(f"{name} sees other features: it cannot be compared here.")
        return None
    if not set(other.info.classes) & set(test.classes):
        reporter.note(f"{name} knows none of these activities: nothing to compare.")
        return None
    trained = set(other.info.training.get("clips_sha256", ()))
    seen = sum(clip.digest in trained for clip in test.clips)
    examples = pooled(
        examples_of(test), test.kind, other.head, folder.inputs("compared"), processes
    )
    return evaluate_other(other.info, from_model(other), examples, test.classes, seen)
