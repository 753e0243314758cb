"""The request: request.json in the folder that the command names."""

from dataclasses import dataclass
from pathlib import Path

from .errors import RequestError
from .fields import Fields
from .options import GRPO, PPO, OptimizerOptions

VERSION = 1
METHODS = ["supervised", "ppo", "grpo", "preference", "score"]


@dataclass(frozen=True)
class AdapterSettings:
    """The LoRA adapter; `start` is the PEFT folder that it continues from."""

    rank: int
    alpha: float
    targets: tuple[str, ...]
    dropout: float
    start: Path | None


@dataclass(frozen=True)
class Reference:
    """The policy that divergence is measured from: the model with the PEFT folder `adapter`, or without one."""

    adapter: Path | None


@dataclass(frozen=True)
class Request:
    """Everything that request.json says. README.md describes each key."""

    folder: Path
    method: str
    model: Path
    output: Path
    adapter: AdapterSettings | Path | None
    reference: Reference | None
    heads: Path | None
    optimizer: OptimizerOptions | None
    optimizer_state: Path | None
    options: object
    kl_coefficient: float
    importance_cap: float | None
    temperature: float
    context: int | None
    seed: int
    dtype: str
    device: str
    sharding: str
    checkpointing: bool
    tokens_per_microbatch: int
    save_every: int

    @property
    def batch(self):
        return self.folder / "batch.safetensors"

    @property
    def dropout(self):
        return self.adapter.dropout if isinstance(self.adapter, AdapterSettings) else 0.0


def read_request(folder):
    """The request in a folder.

    Raises: `RequestError` that names the key.
    """
    folder = Path(folder)
    fields = Fields.read(folder / "request.json")
    version = fields.integer("version")
    if version != VERSION:
        fields.fail("version", f"is {version}; this program reads version {VERSION}. Use the program of that version.")
    method = fields.choice("method", METHODS)
    trains = method != "score"
    request = Request(
        folder=folder, method=method, model=_existing(fields, "model", folder, is_folder=True),
        output=fields.path("output", folder), adapter=_adapter(fields, folder, trains),
        reference=_reference(fields, folder) if method in ("supervised", "ppo", "grpo") else None,
        heads=_existing(fields, "heads", folder, None),
        optimizer=OptimizerOptions.read(fields.object("optimizer")) if trains else None,
        optimizer_state=_existing(fields, "optimizerState", folder, None) if trains else None,
        options=_options(fields, method),
        kl_coefficient=fields.number("klCoefficient", 0.0, low=0) if method in ("supervised", "ppo", "grpo") else 0.0,
        importance_cap=fields.number("importanceCap", None, low=1) if method in ("ppo", "grpo") else None,
        temperature=fields.number("temperature", 1.0, above=0) if method in ("ppo", "grpo", "score") else 1.0,
        context=fields.integer("context", None, low=1), seed=fields.integer("seed", 0, high=2**64 - 1),
        dtype=fields.choice("dtype", ["float32", "bfloat16"], "float32"),
        device=fields.choice("device", ["auto", "cpu", "cuda"], "auto"),
        sharding=fields.choice("sharding", ["none", "full"], "none"),
        checkpointing=fields.flag("checkpointing", False) if trains else False,
        tokens_per_microbatch=fields.integer("tokensPerMicrobatch", 4_096, low=1),
        save_every=fields.integer("saveEvery", 20, low=1) if trains else 1)
    fields.finish()
    _check(request)
    return request


def _check(request):
    if request.kl_coefficient > 0 and request.reference is None:
        raise RequestError(
            f"request.json: 'klCoefficient' is {request.kl_coefficient:g} and there is no 'reference'; "
            "give a reference, or set the coefficient to 0.")
    control = getattr(request.options, "kl", None)
    if control and control.target is not None and control.coefficient == 0:
        raise RequestError(
            "request.json: options: kl: an adaptive 'coefficient' cannot start at 0; give one above 0, "
            "or set 'control' to fixed.")
    if request.method == "score" and request.options == "preference" and request.heads is None:
        raise RequestError("request.json: 'heads' is missing; name the file with the preference head.")


def _existing(fields, name, base, *default, is_folder=False):
    path = fields.path(name, base, *default)
    if path is not None and not (path.is_dir() if is_folder else path.is_file()):
        fields.fail(name, f"names '{path}', which is not a {'folder' if is_folder else 'file'}; correct the path.")
    return path


def _adapter(fields, base, trains):
    if not trains:
        adapter = fields.object("adapter", None)
        start = adapter and _existing(adapter, "start", base, None, is_folder=True)
        if adapter:
            adapter.finish()
        return start
    adapter = fields.object("adapter")
    targets = adapter.take("targets")
    if not isinstance(targets, list) or not targets or not all(isinstance(name, str) and name for name in targets):
        adapter.fail("targets", "is not a list of module names; give for example [\"q_proj\", \"v_proj\"].")
    settings = AdapterSettings(
        rank=adapter.integer("rank", low=1, high=1_024), alpha=adapter.number("alpha", above=0),
        targets=tuple(sorted(set(targets))), dropout=adapter.number("dropout", 0.0, low=0, below=1),
        start=_existing(adapter, "start", base, None, is_folder=True))
    adapter.finish()
    return settings


def _reference(fields, base):
    reference = fields.object("reference", None)
    if reference is None:
        return None
    folder = _existing(reference, "adapter", base, None, is_folder=True)
    reference.finish()
    return Reference(folder)


def _options(fields, method):
    """PPO, GRPO, the centring of a preference model, or what is scored."""
    if method in ("ppo", "grpo"):
        return (PPO if method == "ppo" else GRPO).read(fields.object("options"))
    if method == "supervised":
        return None
    options = fields.object("options", None) or Fields({}, "request.json: options")
    if method == "preference":
        result = options.number("centring", low=0)
    else:
        result = options.choice("read", ["actions", "preference"], "actions")
    options.finish()
    return result
