"""Which model the features at hand can have."""

from dataclasses import replace
from pathlib import Path

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.model_info import ModelInfo
from lrcn_desktop.model.presets import PRESETS, BackboneConfig, HeadConfig
from lrcn_desktop.model.rejection import RejectionConfig
from training.data.dataset import DataSet
from training.features.folder import FeatureSet
from training.features.kind import FeatureKind, width_of
from training.run.settings import Settings


def describe_model(settings: Settings, data: DataSet | FeatureSet) -> ModelInfo:
    """Return the description of the untrained model that the settings ask for.

    Raises:
        UserError: The data's names cannot be a model's.
    """
    spec = PRESETS[settings.preset]
    backbone, head, rate, digest = spec.backbone, spec.head, settings.rate, None
    if isinstance(data, FeatureSet):
        rate = data.kind.rate or sorted(clip.rate for clip in data.clips)[len(data.clips) // 2]
        if backbone.frozen is not None and not _is_of(data.kind, backbone, head):
            backbone = BackboneConfig("features", data.kind.dim)
            if head.pool == "statistics":  # facts.md, section 2: what did best on fc6 features
                head = replace(head, pool="norm", fc=(256,), hidden=(256,))
        elif backbone.frozen is not None:
            digest = data.kind.digest
    elif backbone.frozen is not None:
        digest = backbone.frozen.digest
    try:
        return ModelInfo(
            name=Path(settings.out).stem,
            classes=data.classes,
            preset=settings.preset,
            backbone=backbone,
            head=head,
            step_rate=rate,
            rejection=RejectionConfig() if head.project else None,
            stream=data.kind.stream if isinstance(data, FeatureSet) else settings.stream,
            # A CNN that begins at random wants about -2..2: 0..255 makes it fifty times too loud.
            scaling="torchvision" if backbone.frozen is None else backbone.frozen.scaling,
            backbone_digest=digest,
        )
    except ValueError as error:
        raise UserError(f"This data cannot have a model: {error}.") from error


def check_preset(preset: str) -> None:
    """Check that a preset can be fitted to features alone.

    Raises:
        UserError: It needs frames.
    """
    if PRESETS[preset].backbone.trained:
        raise UserError(
            f"The preset {preset!r} trains a CNN of its own on frames: give it DATA, not features."
        )


def _is_of(kind: FeatureKind, backbone: BackboneConfig, head: HeadConfig) -> bool:
    """Return whether features are of a frozen network, as the head takes them.

    Raises:
        UserError: They are pooled, and the head needs whole maps or others.
    """
    if kind.backbone != backbone.kind or not kind.digest:
        return False
    width = width_of(backbone, head, kind.pool)
    if not width:
        raise UserError(
            f"These features are pooled ({kind.pool}), and the preset takes others: give it DATA, "
            "or a preset that pools like this."
        )
    return kind.dim == width
