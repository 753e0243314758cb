"""LoRA adapters in the files of peft, read with suspicion and written whole."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from .errors import RequestError
from .fields import Fields

CONFIGURATION, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
PREFIX = "base_model.model."


@dataclass(frozen=True)
class AdapterFile:
    """A plain LoRA adapter; the factors go by `<module>.lora_A.weight` and `<module>.lora_B.weight`."""

    rank: int
    alpha: float
    factors: dict[str, torch.Tensor]

    @property
    def modules(self):
        return sorted({name.rsplit(".lora_", 1)[0] for name in self.factors})

    @property
    def targets(self):
        """The last parts of the modules' names."""
        return tuple(sorted({module.rsplit(".", 1)[-1] for module in self.modules}))


def read_tensors(file):
    """The tensors of a safetensors file by name, and its metadata.

    Raises: `RequestError` that names the file.
    """
    try:
        with safe_open(file, "pt") as stream:
            return {name: stream.get_tensor(name) for name in sorted(stream.keys())}, stream.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise RequestError(f"'{file}' cannot be read as safetensors: {error}; write it again.") from None


def read_adapter(folder):
    """The adapter in a PEFT folder.

    Raises: `RequestError` that names the folder when it is damaged or not plain LoRA.
    """
    folder = Path(folder)
    fields = Fields.read(folder / CONFIGURATION)
    fields.place = f"{folder / CONFIGURATION}"
    rank, alpha = fields.integer("r", low=1, high=1_024), fields.number("lora_alpha", above=0)
    values = fields.values
    odd = [name for name in ("use_rslora", "use_dora", "fan_in_fan_out", "rank_pattern", "alpha_pattern",
                             "modules_to_save", "layer_replication", "lora_bias") if values.get(name)]
    odd += ["bias"] if values.get("bias") not in (None, "none") else []
    odd += ["peft_type"] if values.get("peft_type") != "LORA" else []
    if odd:
        fields.fail(odd[0], "is set; only plain LoRA is supported. Merge the adapter into its model with peft first.")
    tensors, _ = read_tensors(folder / WEIGHTS)
    factors = {}
    for name, tensor in tensors.items():
        if not name.startswith(PREFIX) or not name.endswith((".lora_A.weight", ".lora_B.weight")):
            raise RequestError(f"'{folder / WEIGHTS}': '{name}' is not a LoRA factor; save the adapter with peft.")
        if tensor.ndim != 2 or tensor.shape["lora_B" in name] != rank or not tensor.isfinite().all():
            raise RequestError(f"'{folder / WEIGHTS}': '{name}' is not a finite matrix of rank {rank}; save it again.")
        factors[name.removeprefix(PREFIX)] = tensor.float()
    return AdapterFile(rank, alpha, factors)


def configuration(settings, base):
    """The text of adapter_config.json."""
    return json.dumps({
        "alpha_pattern": {}, "base_model_name_or_path": base, "bias": "none", "fan_in_fan_out": False,
        "inference_mode": True, "lora_alpha": settings.alpha, "lora_dropout": 0, "modules_to_save": None,
        "peft_type": "LORA", "r": settings.rank, "rank_pattern": {}, "target_modules": list(settings.targets),
        "task_type": "CAUSAL_LM", "use_dora": False, "use_rslora": False}, indent=2, sort_keys=True) + "\n"
