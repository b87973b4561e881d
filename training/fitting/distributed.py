"""Several processes at one training, as `torchrun` starts them; alone, all of this is idle.

The transport is PyTorch's: DistributedDataParallel over NCCL or Gloo. What is ours is that a batch
is shared out so that the result does not depend on how many processes there are.
"""

import math
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.autograd import Function
from torch.nn.parallel import DistributedDataParallel

from lrcn_desktop.errors import UserError

if TYPE_CHECKING:
    from torch._C._distributed_c10d import Store

_JOINING = timedelta(minutes=30)  # between the start of the first process and of the last
_PATIENCE = timedelta(days=7)  # one process may wait long for another's clips; torchrun sees deaths


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """The processes of a run, seen by one of them.

    Attributes:
        rank: Its number, from 0.
        size: How many they are.
        managed: Whether `torchrun` started them, and may start them again.
        restarts: How often it has.
    """

    rank: int = 0
    size: int = 1
    managed: bool = False
    restarts: int = 0

    @property
    def is_main(self) -> bool:
        """Whether this process writes the files and talks to the person."""
        return self.rank == 0

    def share(self, count: int) -> slice:
        """Return which of `count` things are this process's."""
        return slice(self.rank * count // self.size, (self.rank + 1) * count // self.size)

    def barrier(self) -> None:
        """Wait until all processes are here.

        Raises:
            UserError: One of the others has ended.
        """
        self.all_reduce_sum(torch.zeros(1))

    def broadcast(self, truth: bool) -> bool:
        """Return, in every process, the `truth` that the main one gives."""
        return bool(self.all_reduce_sum(torch.tensor([float(truth and self.is_main)])))

    def all_reduce_sum(self, sums: Tensor) -> Tensor:
        """Return the sum of all processes' `sums`, of the CPU, the same in each.

        Raises:
            UserError: One of the others has ended.
        """
        if self.size == 1:
            return sums
        added = sums.clone()
        try:
            dist.all_reduce(added)
        except RuntimeError as error:
            raise UserError(
                f"Process {self.rank} ends because another of this training has ended: "
                "see what that one says."
            ) from error
        return added

    def wrap(self, network: nn.Module) -> nn.Module:
        """Return `network` such that a backward pass leaves the mean of all gradients."""
        if self.size == 1 or not any(p.requires_grad for p in network.parameters()):
            return network
        return DistributedDataParallel(network)

    def share_norms(self, network: nn.Module) -> list["SharedBatchNorm"]:
        """Make the batch normalizations in `network` see the whole batch, and return them."""
        if self.size == 1:
            return []
        shared = []
        for parent in list(network.modules()):
            for name, norm in parent.named_children():
                if type(norm) is nn.BatchNorm2d:
                    shared.append(SharedBatchNorm(norm))
                    setattr(parent, name, shared[-1])
        return shared


@contextmanager
def process_group() -> Iterator[ProcessGroup]:
    """Join the processes that `torchrun` started with this one, if it did."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    managed = "TORCHELASTIC_RUN_ID" in os.environ
    restarts = int(os.environ.get("TORCHELASTIC_RESTART_COUNT", "0"))
    if size == 1:
        yield ProcessGroup(managed=managed, restarts=restarts)
        return
    transport = "gloo"
    if torch.cuda.is_available():
        transport = "cpu:gloo,cuda:nccl"
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]) % torch.cuda.device_count())
    store, rank, _ = next(dist.rendezvous("env://", timeout=_JOINING))  # type: ignore[attr-defined]
    store = dist.PrefixStore(_agree_on_name(store, rank, size), store)  # type: ignore[attr-defined]
    dist.init_process_group(transport, store=store, rank=rank, world_size=size, timeout=_PATIENCE)
    try:
        yield ProcessGroup(rank, size, managed, restarts)
    finally:
        dist.destroy_process_group()


def _agree_on_name(store: "Store", rank: int, size: int) -> str:
    """Return a name that these processes share, and no others.

    `torchrun` keeps one store for all its restarts (PyTorch 2.15), in which Gloo would find where
    the processes of the time before were, and wait for them for ever. Its count of restarts is no
    such name: each machine counts for itself.

    Raises:
        UserError: The others do not come.
    """
    if rank > 0:
        mine = secrets.token_hex(8)
        store.set(f"lrcn/asks/{rank}", mine)
        name: str = store.get(f"lrcn/told/{mine}").decode()
        store.add(f"lrcn/{name}", 1)
        return name
    name, told = secrets.token_hex(8), set[bytes]()
    deadline = time.monotonic() + _JOINING.total_seconds()
    while store.add(f"lrcn/{name}", 0) < size - 1:
        if time.monotonic() > deadline:
            raise UserError(f"Not all of the {size} processes start: see what torchrun says.")
        for other in range(1, size):
            asks = store.get(f"lrcn/asks/{other}")  # perhaps one of the time before, and dead
            if asks not in told:
                store.set(f"lrcn/told/{asks.decode()}", name)
                told.add(asks)
        time.sleep(0.02)
    return name


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
        shape = (self.batch, *input.shape[1:])
        if input.device.type != "cpu":
            kept = torch.rand(shape, device=input.device)[self.rows] >= self.p
            return input * kept / (1 - self.p)
        # There, PyTorch's own draws take five times as long as a byte for each number.
        count = math.prod(shape)
        drawn = torch.randint(-(2**63), 2**63 - 1, (-(-count // 8),)).view(torch.uint8)
        dropped = round(256 * self.p)
        kept = drawn[:count].view(shape)[self.rows] >= dropped
        return input * kept.to(input.dtype).mul_(256 / (256 - dropped))


class SharedBatchNorm(nn.BatchNorm2d):
    """Batch normalization by the figures of the whole batch; it may lie with several processes.

    PyTorch's SyncBatchNorm works on GPUs only, and counts whatever it is given.

    Attributes:
        counts: Whether what is given here is part of the batch.
    """

    counts = True

    def __init__(self, norm: nn.BatchNorm2d) -> None:
        """Take the parameters and the running figures of `norm`."""
        super().__init__(norm.num_features, norm.eps, norm.momentum)
        self.weight, self.bias = norm.weight, norm.bias
        self.running_mean, self.running_var = norm.running_mean, norm.running_var
        self.num_batches_tracked = norm.num_batches_tracked
        self.train(norm.training)

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002
        """Normalize (N, C, H, W)."""
        if not self.training:
            return super().forward(input)
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        assert self.momentum is not None
        x = input.float()
        share = float(self.counts)
        ones = x.new_full((1,), x.numel() / x.shape[1])
        sums = _sum_of_all(torch.cat([x.sum((0, 2, 3)), ones]) * share)
        count = sums[-1].detach()
        mean = sums[:-1] / count
        centred = x - mean[:, None, None]
        variance = _sum_of_all(centred.square().sum((0, 2, 3)) * share) / count
        with torch.no_grad():
            self.num_batches_tracked += 1
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        scale: Tensor = self.weight * (variance + self.eps).rsqrt()
        normal: Tensor = centred * scale[:, None, None] + self.bias[:, None, None]
        return normal.to(input.dtype)


class _SumOfAll(Function):
    """The sum of all processes' parts; the gradient of each part is the sum of theirs."""

    @staticmethod
    def forward(ctx: object, part: Tensor) -> Tensor:
        whole = part.clone()
        dist.all_reduce(whole)
        return whole

    @staticmethod
    def backward(ctx: object, gradient: Tensor) -> Tensor:
        whole = gradient.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(whole)
        return whole


def _sum_of_all(part: Tensor) -> Tensor:
    whole: Tensor = _SumOfAll.apply(part)
    return whole
