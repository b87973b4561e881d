"""A training judges its networks on streams of the clips that each fold held out."""

from pathlib import Path

import pytest
import torch
from tiny_training import told  # type: ignore[import-not-found]

from lrcn_desktop.model.claims import STREAM_STEPS, read_claim
from lrcn_desktop.model.model import load_model
from training.evaluation.streams import build_streams
from training.features.folder import read_feature_folder
from training.fitting.distributed import ProcessGroup
from training.fitting.inputs import examples_of, pooled
from training.run.networks import from_model
from training.run.streams import judge_held_out


def test_the_last_event_and_the_report_have_them(undisturbed: Path) -> None:
    events, _ = told(undisturbed / "model.run")
    streams = events[-1]["evaluation"]["streams"]
    assert events[-1]["event"] == "done"
    assert streams["streams"] == 2  # one per fold
    assert streams["clips"] <= 24
    assert {"model", "frames", "memory", "reset"} <= streams.keys()
    assert streams["model"]["unknown_shown"] is None
    assert streams["text"].startswith("On streams of clips: ")
    info = load_model(undisturbed / "model.safetensors").info
    claim = read_claim(info.test, STREAM_STEPS)  # what the automatic choice of a model reads
    assert claim is not None
    assert claim.share == pytest.approx(streams["model"]["accuracy"])
    assert claim.interval is not None
    assert claim.interval[0] <= claim.share <= claim.interval[1]
    page = (undisturbed / "model.run" / "report.html").read_text("utf-8")
    assert 'class="bands"' in page


def test_rounds_are_merged_and_those_without_a_stream_left_out(
    undisturbed: Path, features: Path, tmp_path: Path
) -> None:
    model = load_model(undisturbed / "model.safetensors")
    found = read_feature_folder(features)
    clips = pooled(examples_of(found), found.kind, model.head, tmp_path, ProcessGroup())
    fitted = from_model(model)
    alone = judge_held_out(model.info, [(fitted, clips)])
    assert alone is not None
    # A network without memory is as often right on a stream as on the clips that it is made of.
    drawn = [clip for stream in build_streams(clips, model.info.classes) for clip in stream.clips]
    said = [fitted.logits(clip, torch.device("cpu"))[1] for clip in drawn]
    right = [
        logits.argmax(-1) == clip.labels
        for logits, clip in zip(said, drawn, strict=True)
        if logits is not None
    ]
    expected = float(torch.cat(right).float().mean())
    assert len(right) == len(drawn)
    assert alone.variants["frames"].accuracy == pytest.approx(expected, abs=1e-6)
    assert expected > 0.4  # of three activities, and it was fitted to them, briefly
    twice = judge_held_out(model.info, [(fitted, clips), (fitted, clips[:1]), (fitted, clips)])
    assert twice is not None
    assert twice.clips == 2 * alone.clips
    assert twice.variants["model"].accuracy == alone.variants["model"].accuracy
    assert judge_held_out(model.info, [(fitted, clips[:1])]) is None
