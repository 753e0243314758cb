"""What a run leaves on disk: a state to resume from, and the finished output.

Every file is written to a temporary name and renamed. `metrics.json` comes last; it marks a finished output.
"""

import hashlib
import json
import os
import shutil

from safetensors.torch import save_file

from .adapter_files import CONFIGURATION, WEIGHTS, PREFIX, configuration, read_tensors
from .errors import RequestError

METRICS, STATE, PREPARED = "metrics.json", "training.safetensors", "prepared.safetensors"
# Keys of request.json that do not say what is computed: where things are, how often they are saved, and the layout.
OTHER_KEYS = ("model", "output", "heads", "optimizerState", "saveEvery", "device", "sharding")


def identity(request):
    """A digest of everything that decides the result: the request's settings and the contents of its files.

    Of the model's weights only names and sizes count.
    """
    with open(request.folder / "request.json", "rb") as stream:
        settings = {
            name: value for name, value in json.load(stream).items() if name not in OTHER_KEYS and value is not None}
    adapter = request.adapter if request.method == "score" else request.adapter.start
    reference = request.reference and request.reference.adapter
    for name, folder in (("adapter", adapter), ("reference", reference)):
        if name in settings:
            settings[name] = {
                key: value for key, value in settings[name].items() if key not in ("start", "adapter")}
        settings[f"{name} files"] = [_digest(folder / file) for file in (CONFIGURATION, WEIGHTS)] if folder else None
    settings["batch file"] = _digest(request.batch)
    settings["other files"] = [_digest(file) if file else None for file in (request.heads, request.optimizer_state)]
    settings["model files"] = [
        (file.name, _digest(file) if file.name == "config.json" else file.stat().st_size)
        for file in sorted(request.model.iterdir()) if file.name == "config.json" or file.suffix == ".safetensors"]
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def _digest(file):
    try:
        with open(file, "rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise RequestError(f"'{file}' cannot be read: {error.strerror}; correct the path.") from None


class Store:
    """The output folder of one request."""

    def __init__(self, request, layout):
        self.output = request.output
        self.layout = layout
        self.identity = identity(request)

    @property
    def state_folder(self):
        return self.output / "state"

    def is_finished(self):
        """Whether the output is there.

        Raises: `RequestError` when it is another request's.
        """
        if not (self.output / METRICS).is_file():
            return False
        try:
            with open(self.output / METRICS, "rb") as stream:
                found = json.load(stream).get("identity")
        except (OSError, ValueError, AttributeError):
            found = None
        if found != self.identity:
            raise RequestError(
                f"The output folder '{self.output}' holds the result of another request; remove it, or name another "
                "'output'.")
        return True

    def load(self, name):
        """A saved state's tensors and facts; `None` where there is none.

        Raises: `RequestError` when it belongs to another request or to another layout.
        """
        file = self.state_folder / name
        if not file.is_file():
            return None
        tensors, metadata = read_tensors(file)
        try:
            facts = json.loads(metadata["state"])
            found, layout = facts["identity"], facts["layout"]
        except (KeyError, ValueError, TypeError):
            raise RequestError(f"'{file}' is not a training state; remove '{self.state_folder}' to start again.") from None
        if found != self.identity:
            raise RequestError(
                f"The training state in '{self.state_folder}' belongs to another request; remove it to start again.")
        expected = self.layout.description()
        for key, value in expected.items():
            if layout.get(key) != value:
                raise RequestError(
                    f"The training state in '{self.state_folder}' was made with {key} {layout.get(key)}, and this run "
                    f"has {value}; use the same, or remove the state to start again.")
        return tensors, facts

    def save(self, name, tensors, facts):
        """Keeps a state; the first process writes."""
        if self.layout.is_first:
            facts = facts | {"identity": self.identity, "layout": self.layout.description()}
            write_tensors(self.state_folder / name, tensors, {"state": json.dumps(facts, sort_keys=True)})

    def write_adapter(self, parameters, settings, base):
        """The adapter in PEFT's files, as a whole folder."""
        partial, folder = self.output / "adapter.partial", self.output / "adapter"
        for old in (partial, folder):
            shutil.rmtree(old, ignore_errors=True)
        factors = {PREFIX + name: value for name, value in parameters.items() if ".lora_" in name}
        write_tensors(partial / WEIGHTS, factors, {"format": "pt"})
        write_bytes(partial / CONFIGURATION, configuration(settings, base).encode())
        os.rename(partial, folder)

    def finish(self, report):
        """Marks the output as finished, and removes the state."""
        report = {"version": 1, "identity": self.identity} | report
        write_bytes(self.output / METRICS, (json.dumps(report, indent=2, sort_keys=True) + "\n").encode())
        shutil.rmtree(self.state_folder, ignore_errors=True)


def write_tensors(file, tensors, metadata):
    """A safetensors file, whole or not at all. More than one key of metadata would have no certain order."""
    partial = file.with_name(file.name + ".partial")
    file.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.detach().cpu().contiguous() for name, value in sorted(tensors.items())}
    save_file(tensors, partial, metadata=metadata)
    _settle(partial, file)


def write_bytes(file, data):
    """A file, whole or not at all."""
    partial = file.with_name(file.name + ".partial")
    file.parent.mkdir(parents=True, exist_ok=True)
    partial.write_bytes(data)
    _settle(partial, file)


def _settle(partial, file):
    descriptor = os.open(partial, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(partial, file)
