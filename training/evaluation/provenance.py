"""How the model and the report were made."""

import datetime
import platform
from html import escape
from typing import Any

import torch

from lrcn_desktop import __version__
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.parameters import count_parameters
from lrcn_desktop.model.presets import PRESETS
from training.evaluation.evaluation import Evaluation
from training.evaluation.sections import section
from training.evaluation.verdict import counted_clips


def provenance(evaluation: Evaluation, info: ModelInfo, protocol: str = "") -> str:
    """Return what made the model: network, data, split, seed, rate, versions.

    Args:
        evaluation: The figures.
        info: The model.
        protocol: How the clips were chosen that it was judged on, where that is known.
    """
    facts: list[tuple[str, str]] = [("model", info.name), ("network", _network(info))]
    facts.append(("activities", ", ".join(info.classes)))
    if info.step_rate is not None:
        facts.append(("step rate", f"{info.step_rate:g} steps per second"))
    facts += [(key, text) for key, value in info.training.items() if (text := _text(value))]
    judged = f"{counted_clips(evaluation)}, {datetime.date.today().isoformat()}"
    facts.append(("tested on", judged))
    if protocol:
        facts.append(("tested by", protocol))
    facts.append(
        (
            "versions",
            f"LRCN Desktop {__version__}, PyTorch {torch.__version__}, "
            f"Python {platform.python_version()}",
        )
    )
    rows = "".join(f"<dt>{escape(key)}</dt><dd>{escape(text)}</dd>" for key, text in facts)
    text = "What it takes to make it again."
    return section("How it was made", text, f"<dl>{rows}</dl>", wide=True)


def _network(info: ModelInfo) -> str:
    if info.preset not in PRESETS:
        return info.preset
    count = count_parameters(info.preset, len(info.classes))
    return (
        f"{info.preset}: {PRESETS[info.preset].summary}; {count.trainable:,} parameters trained, "
        f"{count.total:,} in all"
    )


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a model file's JSON holds
    """Return a figure as text; "" for lists and what is nested deeper, which are for programs."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {text}" for key, item in value.items() if (text := _text(item)))
    if isinstance(value, bool) or value is None or isinstance(value, list):
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)
