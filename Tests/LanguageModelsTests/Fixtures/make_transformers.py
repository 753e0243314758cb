"""Makes <family>.safetensors beside this file: tiny random checkpoints with what `transformers` computes from them.

    python make_transformers.py     (transformers, torch, safetensors)

Each file holds the weights (matrices rounded to float16, so that they are small and exact; a Gemma norm with the 1 that
its own files leave out), `tokens` [2, T], `logits` [2, T, V], the `loss` of predicting each next token, and its gradient
`gradient:<name>` for a few weights. ArchitectureTests.swift has the same dimensions.
"""

import os

import torch
from safetensors.torch import save_file
from transformers import (Gemma3ForCausalLM, Gemma3TextConfig, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM,
                          Qwen3Config, Qwen3ForCausalLM)

SIZE = dict(vocab_size=48, hidden_size=32, intermediate_size=16, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, bos_token_id=1, eos_token_id=2,
            attn_implementation="eager")
LLAMA3 = dict(rope_type="llama3", rope_theta=500.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)
GEMMA_ROPE = dict(full_attention=dict(rope_type="linear", rope_theta=1000.0, factor=2.0),
                  sliding_attention=dict(rope_type="default", rope_theta=50.0))
GEMMA = dict(SIZE, head_dim=12, query_pre_attn_scalar=10, sliding_window=5, rope_parameters=GEMMA_ROPE,
             layer_types=["sliding_attention", "full_attention"])
MODELS = {
    "llama": lambda: LlamaForCausalLM(LlamaConfig(**SIZE, rope_parameters=LLAMA3, tie_word_embeddings=False,
                                                  rms_norm_eps=1e-5)),
    "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**SIZE, rope_parameters=dict(rope_type="default", rope_theta=100.0),
                                                  tie_word_embeddings=True)),
    "qwen3": lambda: Qwen3ForCausalLM(Qwen3Config(**SIZE, head_dim=12, tie_word_embeddings=True,
                                                  rope_parameters=dict(rope_type="default", rope_theta=100.0))),
    "gemma3": lambda: Gemma3ForCausalLM(Gemma3TextConfig(**GEMMA, tie_word_embeddings=True)),
    "gemma3-untied": lambda: Gemma3ForCausalLM(Gemma3TextConfig(**GEMMA, tie_word_embeddings=False,
                                                                final_logit_softcapping=3.0)),
}
GRADIENTS = ("model.embed_tokens.weight", "model.layers.1.self_attn.k_proj.weight",
             "model.layers.0.self_attn.k_proj.bias", "model.layers.0.self_attn.q_norm.weight",
             "model.layers.0.mlp.gate_proj.weight", "model.layers.0.input_layernorm.weight",
             "model.layers.1.post_feedforward_layernorm.weight", "model.norm.weight")


def randomise(model):
    for name, parameter in model.named_parameters():
        scale = 0.3 if parameter.ndim == 1 else 0.3 if "embed" in name or "lm_head" in name else parameter.shape[1] ** -0.5
        base = 1.0 if "norm" in name and "gemma" not in model.config.model_type else 0.0
        parameter.data = (base + scale * torch.randn_like(parameter)).half().float()


def make(name, build):
    torch.manual_seed(1)
    model = build().eval()
    randomise(model)
    tokens = torch.randint(3, 48, (2, 9))
    output = model(tokens, labels=tokens)
    output.loss.backward()
    tied = model.config.tie_word_embeddings
    arrays = {"tokens": tokens.int(), "logits": output.logits.detach(), "loss": output.loss.detach().reshape(1)}
    for key, parameter in model.named_parameters():
        if tied and key == "lm_head.weight":
            continue
        weight = parameter.detach()
        gemma_norm = "norm" in key and "gemma" in model.config.model_type
        arrays[key] = (weight + 1 if gemma_norm else weight) if weight.ndim == 1 else weight.half()
        if key in GRADIENTS and (tied or weight.ndim == 1):
            arrays["gradient:" + key] = parameter.grad
    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".safetensors")
    save_file({key: array.contiguous() for key, array in arrays.items()}, file)
    print(name, os.path.getsize(file), output.loss.item(), model.config.to_dict().get("rope_parameters"))


for name, build in MODELS.items():
    make(name, build)
