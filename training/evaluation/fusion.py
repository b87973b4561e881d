"""Two streams into one: what a network says of the pictures, and another of the optical flow."""

import math
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from training.evaluation.evaluation import JudgedClip


def fuse(rgb: Sequence[JudgedClip], flow: Sequence[JudgedClip], weight: float) -> list[JudgedClip]:
    """Return the clips that both streams have, with the weighted mean of their probabilities.

    Args:
        rgb: What was said of the pictures.
        flow: What was said of the flow, at the same rate and of the same classes; a clip is cut to
            the shorter of the two.
        weight: The flow's share, 0..1; Donahue et al. 2017 take 1/2 and 2/3.
    """
    by_name = {clip.name: clip for clip in flow}
    return [_fused(clip, by_name[clip.name], weight) for clip in rgb if clip.name in by_name]


def _fused(rgb: JudgedClip, flow: JudgedClip, weight: float) -> JudgedClip:
    steps = min(len(rgb.labels), len(flow.labels))
    baseline = None
    if rgb.baseline is not None or flow.baseline is not None:
        baseline = _mean_of(_frames(rgb)[:steps], _frames(flow)[:steps], weight)
    logits = _mean_of(rgb.logits[:steps], flow.logits[:steps], weight)
    return replace(rgb, labels=rgb.labels[:steps], logits=logits, baseline=baseline)


def _frames(clip: JudgedClip) -> Tensor:
    return clip.logits if clip.baseline is None else clip.baseline


def _mean_of(rgb: Tensor, flow: Tensor, weight: float) -> Tensor:
    """Return the logarithm of the mean probabilities, in which no probability becomes zero."""
    parts = [
        torch.log_softmax(logits, -1) + math.log(share)
        for logits, share in ((rgb, 1 - weight), (flow, weight))
        if share > 0
    ]
    return torch.logsumexp(torch.stack(parts), 0)
