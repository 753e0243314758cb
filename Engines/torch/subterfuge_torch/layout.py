"""The processes of a run, and what they add up."""

import os
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist

from .errors import RequestError

# The others wait while the first process reads a large model.
WAIT = timedelta(hours=2)


@dataclass(frozen=True)
class Layout:
    """This process among `world` processes."""

    rank: int
    world: int
    device: torch.device
    is_sharded: bool

    @classmethod
    def start(cls, device, sharding):
        """Joins the processes that torchrun started; without torchrun there is one."""
        world = int(os.environ.get("WORLD_SIZE", "1"))
        kind = ("cuda" if torch.cuda.is_available() else "cpu") if device == "auto" else device
        if kind == "cuda" and not torch.cuda.is_available():
            raise RequestError("request.json: 'device' is cuda and torch finds no GPU; use cpu or auto.")
        if kind == "cuda":
            torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
        device = torch.device(kind, torch.cuda.current_device()) if kind == "cuda" else torch.device(kind)
        backend = "cpu:gloo,cuda:nccl" if kind == "cuda" else "gloo"
        if world > 1:
            dist.init_process_group(backend, timeout=WAIT)
        elif sharding == "full":
            dist.init_process_group(backend, store=dist.HashStore(), rank=0, world_size=1)
        return cls(int(os.environ.get("RANK", "0")), world, device, sharding == "full")

    @property
    def is_first(self):
        return self.rank == 0

    def description(self):
        """What must stay the same for a resumed run to be exact."""
        return {
            "processes": self.world, "sharding": "full" if self.is_sharded else "none", "device": self.device.type,
            "threads": torch.get_num_threads(), "torch": torch.__version__}

    def sum(self, tensor):
        """Adds up a tensor over all processes, in place."""
        if self.world > 1:
            dist.all_reduce(tensor)
        return tensor

    def sum_numbers(self, numbers):
        """The sums of numbers by name; every process has the same names."""
        names = sorted(numbers)
        total = self.sum(torch.tensor([numbers[name] for name in names], dtype=torch.float64, device=self.device))
        return dict(zip(names, total.tolist()))

    def wait(self):
        """Returns when every process has come this far."""
        if self.world > 1:
            dist.barrier()

    @staticmethod
    def stop():
        if dist.is_initialized():
            dist.destroy_process_group()
