"""Reads the model's files, and places its weights on the processes' devices."""

import os
import warnings

os.environ["HF_HUB_OFFLINE"] = "1"
warnings.filterwarnings("ignore", category=FutureWarning)  # of the pinned libraries to each other

import torch  # noqa: E402
import transformers  # noqa: E402
from accelerate import init_empty_weights  # noqa: E402
from torch import nn  # noqa: E402
from torch.distributed.fsdp import fully_shard  # noqa: E402
from torch.distributed.tensor import distribute_tensor  # noqa: E402

from .errors import RequestError  # noqa: E402

transformers.utils.logging.disable_progress_bar()
transformers.utils.logging.set_verbosity_error()


def read_model(request):
    """The model with its weights, in this process's memory.

    Raises: `RequestError` that names the folder.
    """
    model, info = _make(request, lambda: transformers.AutoModelForCausalLM.from_pretrained(
        request.model, dtype=getattr(torch, request.dtype), use_safetensors=True, local_files_only=True,
        trust_remote_code=False, output_loading_info=True))
    lost = sorted(info["missing_keys"]) or sorted(map(str, info.get("mismatched_keys", [])))
    if lost:
        raise RequestError(f"The model in '{request.model}' lacks the weight '{lost[0]}'; download it again.")
    return _checked(model, request)


def empty_model(request):
    """The model without weights, to be sharded before they are read."""
    def make():
        config = transformers.AutoConfig.from_pretrained(
            request.model, local_files_only=True, trust_remote_code=False)
        with init_empty_weights(include_buffers=False):
            return transformers.AutoModelForCausalLM.from_config(
                config, dtype=getattr(torch, request.dtype), trust_remote_code=False)

    model = _make(request, make)
    model.tie_weights()
    return _checked(model, request)


def _make(request, make):
    try:
        return make()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise RequestError(
            f"The model in '{request.model}' cannot be loaded: {line} Give a folder with config.json and safetensors "
            "files of a causal language model.") from None


def _checked(model, request):
    config = model.config.get_text_config()
    for name in ("logit_scale", "logits_scaling"):
        if getattr(config, name, None) not in (None, 1, 1.0):
            raise RequestError(
                f"The model in '{request.model}' sets '{name}', which is not supported; use another model.")
    body = getattr(model, model.base_model_prefix, None)
    if not isinstance(getattr(body, "layers", None), nn.ModuleList) or model.get_output_embeddings() is None:
        raise RequestError(
            f"The model in '{request.model}' has no layers and output head; use a causal language model.")
    return model.requires_grad_(False)


def place(policy, layout):
    """Moves a whole policy to the device."""
    policy.to(layout.device)


def place_sharded(policy, weights, layout):
    """Shards an empty policy over the processes and fills it with `weights`, which the first process has.

    What is trained is whole in every process.
    """
    named = dict(policy.named_parameters(remove_duplicate=False))
    whole = {parameter for name, parameter in named.items() if "lora_" in name or name.startswith("head.")}
    mesh = torch.distributed.init_device_mesh(layout.device.type, (layout.world,))
    for layer in policy.backbone.layers:
        fully_shard(layer, mesh=mesh, ignored_params=whole)
    fully_shard(policy, mesh=mesh, ignored_params=whole)
    for parameter in whole:
        parameter.data = parameter.data.to(layout.device)
    sources = dict(weights.named_parameters(remove_duplicate=False)) if weights is not None else {}
    filled, shards = {}, {}
    for name, parameter in policy.named_parameters(remove_duplicate=False):
        if "lora_" in name or name.startswith("head."):
            continue
        if id(parameter) not in filled:
            key = name.removeprefix("causal.").replace(".base_layer.", ".")
            full = torch.empty(parameter.shape, dtype=parameter.dtype, device=layout.device)
            if layout.is_first:
                full.copy_(sources[key])
            filled[id(parameter)] = nn.Parameter(
                distribute_tensor(full, mesh, parameter.placements), requires_grad=False)
        shards[name] = filled[id(parameter)]
    policy.load_state_dict(shards, strict=False, assign=True)
