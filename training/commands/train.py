"""`lrcn-desktop train`: from clips to a model file that carries its figures."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Never

from platformdirs import user_cache_path
from tqdm import tqdm

from lrcn_desktop.errors import EXIT_INTERRUPTED, UserError
from lrcn_desktop.files import check_writable
from lrcn_desktop.model.model_file import Model, build_model, save_model
from lrcn_desktop.model.vgg16 import shipped_weights
from lrcn_desktop.recognition.load import open_engine
from training import train
from training.data.dataset import DataSet
from training.data.load import load_data
from training.features.cache import FeatureCache, FeatureKind
from training.fitting.fit import FITS
from training.split import folds


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Raises:
        UserError: The data set or the options are at fault.
    """
    options = _parse(arguments)
    check_writable(options.out)
    data, _ = load_data(
        options.data, activities=options.activities, rate=options.rate, record=options.cache
    )
    count = options.folds or min(5, len({clip.group for clip in data.clips}))
    sides = folds(data.clips, count, options.seed)  # first: it may be what is wrong
    model = build_model(
        train.build_info(
            data,
            options.preset,
            name=options.out.stem,
            rate=options.rate,
            digest=shipped_weights().digest,
        )
    )
    cache = _fill_cache(data, model, options.cache)
    return _fit(data, model, cache, sides, options)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "lrcn-desktop train", description="Build a model from clips; its file carries its figures."
    )
    parser.add_argument(
        "data", metavar="DATA", help='a folder with a folder of videos an activity, or "demo"'
    )
    parser.add_argument("--out", type=Path, required=True, metavar="MODEL", help="the model file")
    parser.add_argument("--preset", choices=tuple(FITS), default="default", help="which network")
    parser.add_argument(
        "--activities", type=lambda text: text.split(","), metavar="A,B,..", help="only these"
    )
    parser.add_argument("--rate", type=float, default=5.0, help="steps a second (5)")
    parser.add_argument("--folds", type=int, help="of the cross-validation (5, or the groups)")
    parser.add_argument("--epochs", type=int, help="passes over the clips (the preset's own)")
    parser.add_argument("--seed", type=int, default=0, help="of the fit (0)")
    parser.add_argument(
        "--cache",
        type=Path,
        metavar="DIR",
        help="where features are kept between runs",
        default=user_cache_path("lrcn-desktop", appauthor=False) / "features",
    )
    options = parser.parse_args(arguments)
    if not 0 < options.rate <= 60:
        raise UserError(f"--rate {options.rate:g} makes no sense: give 1 to 60 steps a second.")
    if options.folds is not None and options.folds < 2:
        raise UserError(f"--folds {options.folds} is too few: give 2 or more.")
    if options.epochs is not None and options.epochs < 1:
        raise UserError(f"--epochs {options.epochs} is too few: give 1 or more.")
    return options


def _fill_cache(data: DataSet, model: Model, root: Path) -> FeatureCache:
    info = model.info
    kind = FeatureKind(
        info.backbone.kind,
        info.backbone_digest or "",
        info.backbone.size,
        info.step_rate or 0,
        info.backbone.dim,
    )
    cache = FeatureCache(root, kind)
    missing = sum(not cache.path(clip).exists() for clip in data.clips)
    if missing:
        engine = open_engine(model)
        with tqdm(total=missing, desc=f"features on {engine.name}", unit="clip") as bar:
            for _ in cache.fill(data.clips, engine):
                bar.update()
    cache.write_index(data.clips)
    return cache


def _fit(
    data: DataSet,
    model: Model,
    cache: FeatureCache,
    sides: Sequence[Sequence[int]],
    options: argparse.Namespace,
) -> int:
    fits = FITS[options.preset]
    if options.epochs:
        fits = tuple(replace(fit, epochs=options.epochs) for fit in fits)
    examples = train.load_examples(data, cache, model.head)
    task = train.Task(model.info, data, examples, fits, options.seed)
    task = replace(task, info=train.describe_training(task))
    head = task.new_head(task.info.head)
    with tqdm(total=task.epochs, desc="fitting", unit="epoch") as bar:
        try:
            train.fit_head(head, task, examples, _show(bar))
        except KeyboardInterrupt:
            save_model(options.out, Model(task.info, head))
            print(f"Interrupted: {options.out} holds the model so far, untested.", file=sys.stderr)
            return EXIT_INTERRUPTED
    save_model(options.out, Model(task.info, head))
    print(f"{options.out} is usable; its figures follow (Ctrl-C leaves it without them).")
    with tqdm(desc="cross-validation", unit="epoch") as bar:
        held = train.cross_validate(task, sides, _show(bar))
    info = train.calibrate(task, held, len(sides))
    save_model(options.out, Model(info, head))
    for name, figure in info.test.items():
        print(f"{name}: {figure:.1%}" if isinstance(figure, float) else f"{name}: {figure}")
    return 0


def _show(bar: "tqdm[Never]") -> Callable[[float], None]:
    def epoch_done(loss: float) -> None:
        bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
        bar.update()

    return epoch_done
