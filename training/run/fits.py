"""A run's fits, each done once: by this process, by a helper, or in an earlier session."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec.structs import replace as with_figures

from lrcn_desktop.training_events import Epoch
from training.progress import Reporter
from training.run.helpers import claim
from training.run.jobs import Job, Plan
from training.run.networks import Fitted, RoundContext, fit_networks

_LOOK = 0.1  # seconds between looks at a fit that another process does


@dataclass(frozen=True, slots=True)
class Fits:
    """What does the fits of a run.

    Attributes:
        plan: What the run does.
        context: Where they are done; its `epoch_done` is not used.
        told: Hears of each epoch.
    """

    plan: Plan
    context: RoundContext
    told: Callable[[Epoch], None]

    def fit(self, job: Job, epochs: Sequence[int] = ()) -> Fitted:
        """Do a fit, or wait for the process that does, and return the networks.

        Args:
            job: One of the jobs.
            epochs: How many each stage takes, frames first; (): what the recipe says.
        """
        while (fitted := self.try_to_fit(job, epochs)) is None:
            self.context.check_paused()
            time.sleep(_LOOK)
        return fitted

    def try_to_fit(self, job: Job, epochs: Sequence[int] = ()) -> Fitted | None:
        """Do a fit as `fit` does; None: another process is doing it."""
        if self.context.processes.size > 1:  # they all do it, together
            return self._fit(job, epochs)
        lock = claim(self.context.folder.checkpoint(job.file_name))
        if lock is None:
            return None
        try:
            return self._fit(job, epochs)
        finally:
            lock.release()

    def _fit(self, job: Job, epochs: Sequence[int]) -> Fitted:
        number = self.plan.jobs.index(job) + 1

        def epoch_done(title: str, count: int, figures: dict[str, Any]) -> None:
            self.told(Epoch(fit=title, number=number, epochs=count, **figures))

        context = replace(self.context, epoch_done=epoch_done)
        return fit_networks(
            self.plan.recipe,
            job.train,
            job.validation,
            context,
            job.name,
            epochs,
            others=job.others,
        )


class FitProgress:
    """Which epochs of a run are done, and what is left."""

    def __init__(self, reporter: Reporter, epochs: int, fits: int) -> None:
        """Report to `reporter`, whose stage has begun; each of the `fits` has so many `epochs`."""
        self._reporter, self._epochs, self._fits = reporter, epochs, fits
        self._told: set[tuple[str, int]] = set()
        self._left_out = 0
        self._before = "", 0.0  # of the last epoch here: its fit, and the processor's time

    def heard(self, epoch: Epoch) -> None:
        """Report an epoch, unless it has been: a helper's are found again with its fit."""
        if (epoch.fit, epoch.epoch) not in self._told:
            self._told.add((epoch.fit, epoch.epoch))
            done = len(self._told) + self._left_out
            seconds = self._reporter.seconds_left(done)
            self._reporter.event(with_figures(epoch, seconds_left=seconds))
            self._reporter.advance(done)

    def work_left(self, epoch: Epoch) -> float:
        """Return how many seconds of a processor all other epochs will take, after one done here.

        0 after the first of a fit, which waits for more than itself.
        """
        fit, at = self._before
        self._before = epoch.fit, time.process_time()
        left = self._epochs * self._fits - len(self._told) - self._left_out
        return left * (self._before[1] - at) if fit == epoch.fit else 0.0

    def fitted(self, fits: int) -> None:
        """Take it that so many fits are done: one may end before its time."""
        self._left_out = max(self._left_out, fits * self._epochs - len(self._told))
