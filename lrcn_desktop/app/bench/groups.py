"""What `lrcn-desktop bench` wrote, as groups of bars that can be compared."""

from dataclasses import dataclass

from lrcn_desktop.app.widgets.words import tr


@dataclass(frozen=True, slots=True)
class BenchFile:
    """The keys of bench's JSON that the page shows; the guide says what they mean."""

    device: str
    model: str
    cores: int
    features_ms: dict[str, float]
    eager_ms: float
    step_ms: dict[str, float]
    peer_step_ms: dict[str, float]
    peer_window_ms: dict[str, float]
    live: dict[str, dict[str, float]]
    start_up: dict[str, float]
    analyze: dict[str, float]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar.

    Attributes:
        name: What it is of.
        value: Its length, at least 0, in its group's unit.
        text: What is written behind it.
        ours: Whether the program works this way here; the others are to compare with.
    """

    name: str
    value: float
    text: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Bars of one unit under one title."""

    title: str
    bars: tuple[Bar, ...]


def groups(found: BenchFile) -> list[Group]:
    """Return the page's groups, in their order."""
    return [
        Group(tr("Features of one frame (shorter is faster)"), _features(found)),
        Group(tr("One step, from a frame to probabilities (shorter is faster)"), _steps(found)),
        Group(tr("Steps per second that each model can take here"), _live(found)),
        Group(tr("Seconds from the command, with a warm disk"), _start(found)),
    ]


def _features(found: BenchFile) -> tuple[Bar, ...]:
    names = {"cuda": "CUDA", "mps": "Metal", "cpu": tr("PyTorch, as the program would use it")}
    own = min(found.features_ms, key=lambda engine: found.features_ms[engine])
    bars = [
        Bar(names.get(engine) or _ncnn(engine), took, _ms(took), ours=engine == own)
        for engine, took in found.features_ms.items()
    ]
    return (*bars, Bar(tr("PyTorch, as scripts use it"), found.eager_ms, _ms(found.eager_ms)))


def _ncnn(engine: str) -> str:
    name, _, threads = engine.partition(" ")
    return tr("{0}, threads: {1}").format(name, threads) if threads else name


def _steps(found: BenchFile) -> tuple[Bar, ...]:
    ways = (
        (tr("This program"), found.step_ms, True),
        (tr("Common scripts"), found.peer_step_ms, False),
        (tr("Common scripts, 16 frames each time"), found.peer_window_ms, False),
    )
    return tuple(Bar(name, took["p50"], _ms(took["p50"]), ours) for name, took, ours in ways)


def _live(found: BenchFile) -> tuple[Bar, ...]:
    words = tr("{0:.0f} at best; in the window {1:.1f} of {2:g}, {3:.0f} ms late, {4:.0f} MB")
    return tuple(
        Bar(
            model,
            at["at_best_per_s"],
            words.format(
                at["at_best_per_s"],
                at["steps_per_s"],
                at["wanted_per_s"],
                at["latency_ms"],
                at["peak_rss_mb"],
            ),
            ours=True,
        )
        for model, at in found.live.items()
    )


def _start(found: BenchFile) -> tuple[Bar, ...]:
    ends = (
        (tr("Window"), "window_s"),
        (tr("First frame"), "picture_s"),
        (tr("First prediction"), "first_prediction_s"),
    )
    at = found.start_up
    return tuple(Bar(name, at[key], f"{at[key]:.2f} s", ours=True) for name, key in ends)


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds >= 100 else f"{milliseconds:.3g} ms"
