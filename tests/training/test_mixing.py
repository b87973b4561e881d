"""What the parts of a head count for is decided by clips that they were not fitted to."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from lrcn_desktop.model.head import Head
from lrcn_desktop.model.presets import HeadConfig
from training.fitting.example import Example
from training.fitting.movement import fit_movement
from training.fitting.network import Network
from training.fitting.projection import fit_projection, projected
from training.run.mixing import mix_rounds

CONFIG = HeadConfig(
    pool="norm", fc=(4,), hidden=(3,), frames=True, project=4, motion=3, movement=2.0, cut=0.2
)
WIDTH = 12
FRAMES, MEMORY, MOVEMENT = 0, 1, 2


def clips(folder: Path, seed: int, count: int = 12) -> list[Example]:
    """Clips that begin anywhere, of which those with an odd number shake more."""
    rng = np.random.default_rng(seed)
    made = []
    for number in range(count):
        label = number % 2
        around = rng.normal(size=WIDTH)
        steps = around + rng.normal(size=(10, WIDTH)) * (0.3 if label else 0.05)
        steps = (steps - steps.mean(1, keepdims=True)) / steps.std(1, keepdims=True)
        path = folder / f"{seed}-{number}.npy"
        np.save(path, steps.astype(np.float32))
        made.append(Example(path.stem, path, torch.full((10,), label), 5.0))
    return made


def network(examples: list[Example]) -> Network:
    """A network whose projection and classifier of motion are fitted, and nothing else is."""
    torch.manual_seed(0)
    head = Head(CONFIG, (WIDTH, 1, 1), 2)
    assert head.projection is not None
    fit_projection(head.projection, examples)
    fit_movement(head, projected(head.projection, examples))
    return Network(head).eval()


@torch.no_grad()
def right(head: Head, examples: list[Example], part: int) -> float:
    """The share of steps, from the third on, that a part of a head gets right."""
    assert head.projection is not None
    shares = []
    for example in projected(head.projection, examples):
        logits, _ = head.answer(example.read().float()[None], head.initial_state())
        said = logits[1:][part]
        assert said is not None
        shares.append((said[0].argmax(-1) == example.labels)[2:].float().mean())
    return float(torch.stack(shares).mean())


def test_how_much_moves_tells_new_clips_apart_where_no_frame_does(tmp_path: Path) -> None:
    ours = network(clips(tmp_path, 0, 30))
    new = clips(tmp_path, 1)
    assert right(ours.head, new, MOVEMENT) > 0.9
    assert right(ours.head, new, FRAMES) < 0.7


@torch.no_grad()
def test_of_very_many_steps_some_are_enough_to_fit_the_movement() -> None:
    """Also of clips shorter than what lies between two that are looked at."""
    rows = torch.randn(40, 1, CONFIG.project + CONFIG.motion + 2).half()
    rows[..., -1] = 1  # no cut
    heads = [Head(CONFIG, (WIDTH, 1, 1), 2) for _ in range(2)]
    for head, steps in zip(heads, (1, 1600), strict=True):
        lengths = [1 if number % 4 == 0 else steps for number in range(40)]
        fit_movement(
            head,
            [
                Example(str(n), Path(), torch.full((t,), n % 2), 5.0, rows=rows[n].repeat(t, 1))
                for n, t in enumerate(lengths)
            ],
        )
    few, many = (head.movement for head in heads)
    assert few is not None
    assert many is not None
    assert few.weight.abs().max() > 0.1
    torch.testing.assert_close(many.weight, few.weight, atol=1e-2, rtol=1e-2)


def test_clips_are_projected_together_as_each_alone(tmp_path: Path) -> None:
    examples = clips(tmp_path, 0)
    examples = [replace(e, labels=e.labels[: len(e) - n % 3]) for n, e in enumerate(examples)]
    projection = network(examples).head.projection
    assert projection is not None
    for example, made in zip(examples, projected(projection, examples), strict=True):
        (alone,) = projected(projection, [example])
        assert len(made.read()) == len(example)
        torch.testing.assert_close(made.read(), alone.read())


def test_what_is_right_about_new_clips_counts_for_most(tmp_path: Path) -> None:
    rounds = [(network(clips(tmp_path, 2 * n, 30)), clips(tmp_path, 2 * n + 1)) for n in range(2)]
    for mix in (mix_rounds(rounds), *(ours.head.mix for ours, _ in rounds)):
        counts = mix.detach().exp()
        assert int(counts.argmax()) == MOVEMENT
        assert float(counts.max()) < 3  # not louder for how little the others are worth


def test_a_rounds_own_clips_decide_nothing_about_it(tmp_path: Path) -> None:
    rounds = [(network(clips(tmp_path, n, 30)), clips(tmp_path, 10 + n)) for n in range(2)]
    mix_rounds(rounds)
    before = [ours.head.mix.clone() for ours, _ in rounds]
    other_clips = [*rounds[0][1][:4], *rounds[0][1][:1]]
    mix_rounds([(rounds[0][0], other_clips), rounds[1]])
    assert torch.equal(rounds[0][0].head.mix, before[0])
    assert not torch.equal(rounds[1][0].head.mix, before[1])
