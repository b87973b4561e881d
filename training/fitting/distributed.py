"""Several processes at one training, as `torchrun` starts them; alone, all of this is idle.

The transport is PyTorch's: DistributedDataParallel over NCCL or Gloo. What is ours is that a batch
is shared out so that the result does not depend on how many processes there are.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

_PATIENCE = timedelta(days=7)  # one process may wait long for another's clips; torchrun sees deaths


@dataclass(frozen=True, slots=True)
class Team:
    """The processes of a run, seen by one of them.

    Attributes:
        rank: Its number, from 0.
        size: How many they are.
        restarts: How often `torchrun` has started them again.
    """

    rank: int = 0
    size: int = 1
    restarts: int = 0

    @property
    def leads(self) -> bool:
        """Whether this process writes the files and talks to the person."""
        return self.rank == 0

    def share(self, count: int) -> slice:
        """Return which of `count` things are this process's."""
        return slice(self.rank * count // self.size, (self.rank + 1) * count // self.size)

    def wait(self) -> None:
        """Wait until all processes are here."""
        if self.size > 1:
            dist.barrier()

    def total(self, sums: Tensor) -> Tensor:
        """Return the sum of all processes' `sums`, the same in each, on the CPU."""
        if self.size == 1:
            return sums
        added = sums.to("cuda" if dist.get_backend() == "nccl" else "cpu")
        dist.all_reduce(added)
        return added.cpu()

    def wrap(self, network: nn.Module) -> nn.Module:
        """Return `network` such that a backward pass leaves the mean of all gradients."""
        if self.size == 1 or not any(p.requires_grad for p in network.parameters()):
            return network
        return DistributedDataParallel(network)


@contextmanager
def team() -> Iterator[Team]:
    """Join the processes that `torchrun` started with this one, if it did."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield Team()
        return
    cuda = torch.cuda.is_available()
    if cuda:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    dist.init_process_group("nccl" if cuda else "gloo", timeout=_PATIENCE)
    try:
        restarts = int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"))
        yield Team(dist.get_rank(), size, restarts)
    finally:
        dist.destroy_process_group()


class SharedDropout(nn.Dropout):
    """Dropout whose mask is drawn for the whole batch, whatever part of it this process has.

    Attributes:
        batch: Sequences in the whole batch.
        rows: Which of them are given here.
    """

    batch = 1
    rows = slice(0, 1)

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002
        """Drop out of (B, ...)."""
        if not self.training or self.p == 0:
            return input
        mask = torch.empty((self.batch, *input.shape[1:]), device=input.device)
        return input * mask.bernoulli_(1 - self.p)[self.rows] / (1 - self.p)
