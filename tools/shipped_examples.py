"""Makes assets/examples-MODEL.safetensors: what ships of the clips that a model was trained on.

    python -m tools.shipped_examples MODEL CLIPS --cache DIR --licence FILE --out FILE

CLIPS is a folder ACTIVITY/clip of the model's activities; the features of its clips are computed,
or read where DIR holds them already.
"""

import argparse
from pathlib import Path

import numpy as np

from lrcn_desktop.errors import UserError
from lrcn_desktop.model.library import find_model
from lrcn_desktop.model.model_file import read_model
from lrcn_desktop.recognition.teaching.features import Features
from lrcn_desktop.recognition.teaching.project import digest
from lrcn_desktop.recognition.teaching.shipped_examples import Examples, write_examples
from lrcn_desktop.recognition.teaching.watching import Watched, Watcher
from lrcn_desktop.video.suffixes import VIDEO_SUFFIXES

_PLACES = 0.25, 0.75  # of a clip's length


def main() -> None:
    """Write the file and print what is in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="by name or path")
    parser.add_argument("clips", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="a folder for features")
    parser.add_argument("--licence", type=Path, required=True, help="a text file: whose clips")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    model = read_model(find_model(options.model))
    watcher, features = Watcher(model), Features()
    steps: list[Watched] = []
    labels: list[int] = []
    numbers: list[int] = []
    for label, activity in enumerate(model.info.classes):
        found = (p for p in sorted((options.clips / activity).rglob("*")) if p.is_file())
        paths = [path for path in found if path.suffix.lower() in VIDEO_SUFFIXES]
        if not paths:
            raise UserError(f"{options.clips} has no clip of {activity}: give the training clips.")
        for path in paths:
            pooled = features.of_clip(path, digest(path), options.cache)
            at = sorted({int(place * len(pooled)) for place in _PLACES})
            numbers += [numbers[-1] + 1 if numbers else 0] * len(at)
            labels += [label] * len(at)
            steps.append(watcher.watch(pooled).at(at))
    watched = Watched(
        np.concatenate([of.inputs for of in steps]),
        np.concatenate([of.rest for of in steps]),
        np.concatenate([of.logits for of in steps]),
    )
    examples = Examples(watched, np.array(labels, np.int32), np.array(numbers, np.int32))
    write_examples(options.out, model, examples, " ".join(options.licence.read_text().split()))
    size, right = options.out.stat().st_size / 1e6, watched.logits.argmax(1) == examples.label
    print(
        f"{options.out}: {len(labels)} steps of {len(steps)} clips, {size:.1f} MB; the model names "
        f"{100 * right.mean():.1f} % of them rightly"
    )


if __name__ == "__main__":
    main()
