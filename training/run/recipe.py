"""What a run fits, and how: from its settings and its features."""

from dataclasses import replace

from lrcn_desktop.model.fits import Fits
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS
from training.features.folder import FeatureSet
from training.run.describe import describe_model
from training.run.networks import Recipe
from training.run.settings import Settings


def recipe_of(settings: Settings, features: FeatureSet) -> Recipe:
    """Return what all fits of a run have in common.

    Raises:
        UserError: The data's names cannot be a model's.
    """
    fits = _fits(settings)
    info = describe_model(settings, features)
    info = replace(info, rates=_trained_rates(info, fits))
    return Recipe(info, fits, settings.seed, settings.end_to_end, _opposite(features))


def _fits(settings: Settings) -> Fits:
    fits = PRESETS[settings.preset].fits
    rates = settings.rates or fits.sequences.rates
    if rates is not None:  # the clips' own among them
        rates = min(rates[0], settings.rate), max(rates[1], settings.rate)
        fits = replace(fits, sequences=replace(fits.sequences, rates=rates))
    return fits.of((settings.epochs,) if settings.epochs is not None else ())


def _trained_rates(info: ModelInfo, fits: Fits) -> tuple[float, float] | None:
    """Return the step rates that a model is fitted for; None: only that of the clips."""
    rates, own = fits.sequences.rates, info.step_rate
    if rates is None or own is None or not info.head.hidden:
        return None
    return min(rates[0], own), max(rates[1], own)


def _opposite(features: FeatureSet) -> dict[int, int]:
    """Return which class is which one backwards."""
    number = {label: index for index, label in enumerate(features.classes)}
    pairs = [(number[a], number[b]) for a, b in features.order_pairs]
    return dict(pairs) | {b: a for a, b in pairs}
