"""A policy with its adapters and its head, ready for training."""

import contextlib
import math

import torch
from peft import LoraConfig, PeftModel
from peft.tuners.lora import LoraLayer
from torch import nn
from transformers.modeling_layers import GradientCheckpointingLayer

from .adapter_files import read_adapter, read_tensors
from .errors import RequestError
from .models import empty_model, place, place_sharded, read_model
from .policy import Policy, ScalarHead

POLICY, REFERENCE = "policy", "reference"


class LoadedPolicy:
    """A policy with what is trained of it, by the names that files have."""

    def __init__(self, request, layout, head_name=None):
        """`head_name` is the scalar head to train or to read: `value` or `preference`."""
        self.request = request
        weights = read_model(request) if layout.is_first or not layout.is_sharded else None
        causal = empty_model(request) if layout.is_sharded else weights
        self.vocabulary = causal.get_input_embeddings().weight.shape[0]
        self.context = request.context or causal.config.get_text_config().max_position_embeddings
        self.adapted = None
        self._add_adapters(causal)
        width = causal.get_output_embeddings().weight.shape[1]
        self.policy = Policy(causal, _head(request, head_name, width) if head_name else None)
        self.policy.eval()
        for name, parameter in self.policy.named_parameters():
            parameter.requires_grad_(f".{POLICY}." in name or name.startswith("head."))
        if request.checkpointing:
            _enable_checkpointing(causal)
        if layout.is_sharded:
            place_sharded(self.policy, weights, layout)
        else:
            place(self.policy, layout)
        self.parameters = {
            _file_name(name): parameter for name, parameter in self.policy.named_parameters() if parameter.requires_grad}

    def _add_adapters(self, causal):
        settings = self.request.adapter
        if self.request.method == "score":
            if settings is not None:
                self._add(causal, POLICY, read_adapter(settings))
            return
        start = read_adapter(settings.start) if settings.start else None
        if start:
            _check_settings(start, settings)
        self._add(causal, POLICY, settings, start.factors if start else None)
        if self.request.reference and self.request.reference.adapter:
            self._add(causal, REFERENCE, read_adapter(self.request.reference.adapter))

    def _add(self, causal, name, settings, factors=None):
        """Adds an adapter of these settings; with no factors it changes nothing yet."""
        factors = getattr(settings, "factors", factors)
        modules = [module for module, _ in causal.named_modules() if module.rsplit(".", 1)[-1] in settings.targets]
        missing = set(settings.targets) - {module.rsplit(".", 1)[-1] for module in modules}
        if missing:
            raise RequestError(f"request.json: adapter: the model has no module '{sorted(missing)[0]}'; correct the targets.")
        config = LoraConfig(
            r=settings.rank, lora_alpha=settings.alpha, target_modules=list(settings.targets),
            lora_dropout=getattr(settings, "dropout", 0.0), bias="none", task_type="CAUSAL_LM")
        if self.adapted is None:
            self.adapted = PeftModel(causal, config, adapter_name=name)
        else:
            self.adapted.add_adapter(name, config)
        slots = {}
        for slot, parameter in list(causal.named_parameters()):
            if f".{name}." in slot:
                if parameter.is_meta:  # as the weights of an empty model are
                    parameter = nn.Parameter(torch.empty(parameter.shape))
                    causal.get_submodule(slot.rpartition(".")[0]).weight = parameter
                slots[_file_name(slot)] = parameter
        if factors is None:
            return _draw(slots, self.request.seed)
        if set(factors) != set(slots) or any(factors[slot].shape != slots[slot].shape for slot in slots):
            odd = sorted(set(factors) ^ set(slots)) or [s for s in slots if factors[s].shape != slots[s].shape]
            raise RequestError(
                f"request.json: the adapter '{name}' does not fit the model at '{odd[0]}'; use the model it was made for.")
        with torch.no_grad():
            for slot, parameter in slots.items():
                parameter.copy_(factors[slot])

    @contextlib.contextmanager
    def as_reference(self):
        """The reference policy, within the context, instead of the policy in training."""
        layers = [module for module in self.policy.modules() if isinstance(module, LoraLayer)]
        has_adapter = self.request.reference.adapter is not None
        for layer in layers:
            if has_adapter:
                layer.set_adapter([REFERENCE])
            else:
                layer.enable_adapters(False)
        try:
            yield
        finally:
            for layer in layers:
                layer.enable_adapters(True)
                layer.set_adapter([POLICY])
            for name, parameter in self.policy.named_parameters():
                parameter.requires_grad_(f".{POLICY}." in name or name.startswith("head."))

    def drop_reference(self):
        """Frees the reference's adapter."""
        if self.request.reference and self.request.reference.adapter:
            self.adapted.delete_adapter(REFERENCE)

    def use_dropout(self):
        """Turns the adapter's dropout on."""
        for module in self.policy.modules():
            if isinstance(module, LoraLayer):
                module.lora_dropout.train()

    @torch.no_grad()
    def restore(self, weights):
        for name, parameter in self.parameters.items():
            parameter.copy_(weights[name])


def _check_settings(start, settings):
    """Rejects a start of another rank, alpha or targets."""
    is_same_alpha = math.isclose(start.alpha, settings.alpha, rel_tol=1e-6)  # Swift's are float32
    if (start.rank, start.targets) != (settings.rank, settings.targets) or not is_same_alpha:
        raise RequestError(
            f"request.json: adapter: the adapter in '{settings.start}' has rank {start.rank}, alpha {start.alpha:g} and "
            f"targets {', '.join(start.targets)}; train it with these.")


def _draw(slots, seed):
    """The first factors: A uniform within 1 / sqrt(in), as peft draws it, and B zero."""
    generator = torch.Generator().manual_seed(seed % 2**63)
    with torch.no_grad():
        for name in sorted(slots):
            slot = slots[name]
            if name.endswith(".lora_B.weight"):
                slot.zero_()
            else:
                slot.copy_((2 * torch.rand(slot.shape, generator=generator) - 1) / math.sqrt(slot.shape[1]))


def read_heads(request):
    """The tensors of the heads file by name, `<head>.weight` [D] and `<head>.bias` [1]."""
    heads = read_tensors(request.heads)[0] if request.heads else {}
    for name, tensor in heads.items():
        is_known = name.endswith((".weight", ".bias")) and tensor.ndim == 1 and tensor.dtype == torch.float32
        if not is_known or not tensor.isfinite().all():
            raise RequestError(
                f"'{request.heads}': '{name}' is not <head>.weight or <head>.bias of finite float32; write it again.")
    return heads


def _head(request, name, width):
    heads = read_heads(request)
    weight = heads.get(f"{name}.weight", torch.zeros(width))
    bias = heads.get(f"{name}.bias", torch.zeros(1))
    if weight.shape != (width,) or bias.shape != (1,):
        raise RequestError(
            f"'{request.heads}': the head '{name}' has {len(weight)} weights; the model's width is {width}. "
            "Use the head of this model.")
    return ScalarHead(weight, bias)


def _enable_checkpointing(causal):
    causal.activation_checkpointing_enable(activation_checkpointing_kwargs={"use_reentrant": False})
    for module in causal.modules():
        if isinstance(module, GradientCheckpointingLayer):
            module.training = True  # what turns it on; the layer's dropouts stay off


def _file_name(name):
    """A parameter's name in files: without the wrappers of the policy and the adapter's own name."""
    name = name.removeprefix("causal.")
    for adapter in (POLICY, REFERENCE):
        name = name.replace(f".lora_A.{adapter}.", ".lora_A.").replace(f".lora_B.{adapter}.", ".lora_B.")
    return name
