"""From a model's name to a recognizer that runs."""

import os

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_model
from lrcn_desktop.recognition.engines.fallback import FallbackEngine
from lrcn_desktop.recognition.engines.open import Device, open_engine, open_graph_step
from lrcn_desktop.recognition.rates import StepRate, check_rate
from lrcn_desktop.recognition.recognizer import Recognizer


def load_recognizer(
    name: str | os.PathLike[str], device: Device = "auto", rate: StepRate = "model"
) -> Recognizer:
    """Load a model by name or path, and the engine that is fastest here.

    Args:
        name: The model's.
        device: Where its network runs.
        rate: How often it takes a step.

    Raises:
        UserError: There is no such model, its file is at fault, it was not trained for the rate, or
            the device is not here.
    """
    model = read_model(find_model(name))
    if model.info.stream == "flow":
        raise UserError(
            f"The model {model.info.name!r} is one of optical flow: `lrcn-desktop evaluate --flow` "
            "uses it beside another, the window cannot."
        )
    check_rate(model.info, rate)
    engine = open_engine(model, device)
    if engine.card is None:
        return Recognizer(model, engine, rate=rate)
    whole = open_graph_step(model) if engine.card == "cuda" else None
    spared = FallbackEngine(engine, lambda: open_engine(model, "cpu"))
    return Recognizer(model, spared, whole, rate)
