"""Runs one request from its files to its output."""

import contextlib
import fcntl
import os
import sys
import time
from pathlib import Path

import torch

from .batch import read_batch
from .errors import RequestError
from .layout import Layout
from .optimizer import AdamW
from .request import read_request
from .state import PREPARED, STATE, Store, write_tensors

# Where the request's folder keeps the last error.
ERROR = "error.txt"
# Held by the first process, as long as it works on the request.
LOCK = "lock"
# The scalar head that a method trains.
HEADS = {"ppo": "value", "preference": "preference"}


def main(arguments):
    """Runs the request in the folder that is the one argument. Returns the exit status: 2 for a mistake in it."""
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # exact resuming needs it on CUDA
    torch.use_deterministic_algorithms(True, warn_only=True)
    torch.utils.deterministic.fill_uninitialized_memory = False
    try:
        if len(arguments) != 1 or arguments[0].startswith("-"):
            raise RequestError("Usage: torchrun --nproc-per-node N train.py REQUEST, where REQUEST is a folder with "
                               "request.json and batch.safetensors.")
        run(arguments[0])
        return 0
    except RequestError as error:
        report(str(error), arguments)
        return 2
    except OSError as error:
        if error.filename is None:
            raise
        report(f"'{error.filename}' cannot be used: {error.strerror}; correct the path or its permissions.", arguments)
        return 2
    finally:
        Layout.stop()


def report(message, arguments):
    """Prints an error once. The other processes wait, or torchrun would stop the first before it has printed."""
    if os.environ.get("RANK", "0") != "0":
        time.sleep(2)
        return
    print(f"error: {message}", file=sys.stderr, flush=True)
    try:
        Path(arguments[0], ERROR).write_text(message + "\n", encoding="utf-8")
    except (OSError, IndexError):
        pass  # a request without a folder has only the message


def run(folder):
    """Raises: `RequestError` for a mistake in the request."""
    if os.environ.get("RANK", "0") == "0":
        Path(folder, ERROR).unlink(missing_ok=True)
    request = read_request(folder)
    batch = read_batch(request.batch, request.method)
    with alone(folder):
        work(request, batch)


@contextlib.contextmanager
def alone(folder):
    """Waits until no other run works on the request.

    The processes of a controller that was killed go on without it. The next controller starts the same request again, which
    then finds it finished.
    """
    if os.environ.get("RANK", "0") != "0":
        yield  # waits for the first process
        return
    with open(Path(folder, LOCK), "w", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX)
        except OSError as error:
            print(f"warning: '{stream.name}' cannot be locked: {error.strerror}.", file=sys.stderr, flush=True)
        yield


def work(request, batch):
    """Computes the request, or finds it finished."""
    layout = Layout.start(request.device, request.sharding)
    store = Store(request, layout)
    is_finished = store.is_finished()
    layout.wait()
    if is_finished:
        return
    from . import loading  # slow to import, and not needed before the request is checked

    is_scalar = request.method == "score" and request.options == "preference"
    head = "preference" if is_scalar else HEADS.get(request.method)
    loaded = loading.LoadedPolicy(request, layout, head)
    batch.check_vocabulary(loaded.vocabulary)
    if request.method == "score":
        from .methods.score import score_rows

        result = score_rows(request, batch, loaded, layout)
    else:
        result = train(request, batch, loaded, layout, store, loading.read_heads(request))
    if layout.is_first:
        store.finish(result | {"method": request.method, "layout": layout.description()})
    layout.wait()


def train(request, batch, loaded, layout, store, heads):
    """Trains, and writes the adapter, the heads and the optimiser. Returns the report."""
    from .trainer import Trainer

    start = time.monotonic()
    method = method_of(request, batch, loaded.context, layout)
    is_whole = request.method in ("supervised", "preference")  # the schedule of a round of reinforcement goes on
    optimizer = AdamW(request.optimizer, len(method.steps) if is_whole else None)
    if request.optimizer_state:
        continue_optimizer(optimizer, request.optimizer_state, loaded.parameters)
    done = begin(method, loaded, optimizer, store, layout)
    if request.dropout and is_whole:
        loaded.use_dropout()
    trainer = Trainer(loaded, method, optimizer, request, layout)
    for number in range(len(done), len(method.steps)):
        done.append(trainer.step(number, method.steps[number]))
        if len(done) % request.save_every == 0 or len(done) == len(method.steps):
            store.save(STATE, weights_and_moments(loaded, optimizer), {
                "done": done, "optimizer_steps": optimizer.step_count})
        trainer.progress(len(done), len(method.steps), done[-1])
    loaded.policy.eval()
    method.finish(loaded)
    if layout.is_first:
        write(request, loaded, optimizer, store, heads)
    return method.report(done, time.monotonic() - start) | {"steps": len(done), "everyStep": done}


def method_of(request, batch, context, layout):
    from .methods.policy_gradient import PolicyGradient
    from .methods.preference import Preference
    from .methods.supervised import Supervised

    kinds = {"supervised": Supervised, "preference": Preference, "ppo": PolicyGradient, "grpo": PolicyGradient}
    return kinds[request.method](request, batch, context, layout)


def begin(method, loaded, optimizer, store, layout):
    """Prepares the first step, or resumes from a saved state. Returns the metrics of the steps that are done."""
    saved = store.load(STATE)
    layout.wait()
    if saved is None:
        method.prepare(loaded)
        tensors, facts = method.prepared()
        store.save(PREPARED, tensors, facts)
        store.save(STATE, weights_and_moments(loaded, optimizer), {"done": [], "optimizer_steps": optimizer.step_count})
        loaded.drop_reference()
        return []
    prepared = store.load(PREPARED)
    if prepared is None:
        raise RequestError(f"'{store.state_folder / PREPARED}' is missing; remove '{store.state_folder}' to start again.")
    method.restore(*prepared)
    tensors, facts = saved
    loaded.restore(_under("weight:", tensors))
    optimizer.restore(_under("optimizer:", tensors), facts["optimizer_steps"], loaded.parameters, store.state_folder)
    loaded.drop_reference()
    return facts["done"]


def weights_and_moments(loaded, optimizer):
    """What training has changed, by the names of the state file."""
    weights = {f"weight:{name}": parameter for name, parameter in loaded.parameters.items()}
    return weights | {f"optimizer:{name}": moment for name, moment in optimizer.state().items()}


def continue_optimizer(optimizer, file, parameters):
    """Takes up the optimiser's state that an earlier request left."""
    from .adapter_files import read_tensors

    tensors, metadata = read_tensors(file)
    steps = metadata.get("optimizer.step", "")
    if not steps.isdecimal():
        raise RequestError(f"'{file}' does not say 'optimizer.step' in its metadata; give optimizer.safetensors of a run.")
    optimizer.restore(tensors, int(steps), parameters, file)


def write(request, loaded, optimizer, store, heads):
    """The adapter, the heads and the optimiser's state."""
    parameters = {name: parameter.detach().cpu() for name, parameter in loaded.parameters.items()}
    store.write_adapter(parameters, request.adapter, str(request.model.resolve()))
    trained = HEADS.get(request.method)
    kept = heads if request.method in ("ppo", "grpo") else {}
    if trained:
        kept = kept | {f"{trained}.{part}": parameters[f"head.{part}"] for part in ("weight", "bias")}
    if kept:
        write_tensors(request.output / "heads.safetensors", kept, {"format": "pt"})
    write_tensors(
        request.output / "optimizer.safetensors", optimizer.state(), {"optimizer.step": str(optimizer.step_count)})


def _under(prefix, tensors):
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
