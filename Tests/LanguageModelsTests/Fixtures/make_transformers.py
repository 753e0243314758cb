"""Makes <family>.safetensors beside this file: tiny random checkpoints with what `transformers` computes from them.

    python make_transformers.py [NAME ...]    (transformers, torch, safetensors)

Each file holds the weights (matrices rounded to float16, so that they are small and exact; a Gemma norm with the 1 that
its own files leave out), `tokens` [2, T], `logits` [2, T, V], the `loss` of predicting each next token, and its gradient
`gradient:<name>` for a few weights. ArchitectureTests.swift has the same dimensions.
"""

import os
import sys

import torch
from safetensors.torch import save_file
from transformers import (Gemma3ForCausalLM, Gemma3TextConfig, LlamaConfig, LlamaForCausalLM, MistralConfig,
                          MistralForCausalLM, Olmo2Config, Olmo2ForCausalLM, Olmo3Config, Olmo3ForCausalLM, Phi3Config,
                          Phi3ForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM, SmolLM3Config,
                          SmolLM3ForCausalLM)

SIZE = dict(vocab_size=48, hidden_size=32, intermediate_size=16, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, max_position_embeddings=64, pad_token_id=0, bos_token_id=1, eos_token_id=2,
            attn_implementation="eager")
LLAMA3 = dict(rope_type="llama3", rope_theta=500.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)
GEMMA_ROPE = dict(full_attention=dict(rope_type="linear", rope_theta=1000.0, factor=2.0),
                  sliding_attention=dict(rope_type="default", rope_theta=50.0))
GEMMA = dict(SIZE, head_dim=12, query_pre_attn_scalar=10, sliding_window=5, rope_parameters=GEMMA_ROPE,
             layer_types=["sliding_attention", "full_attention"])
YARN = dict(rope_type="yarn", rope_theta=500.0, factor=4.0, original_max_position_embeddings=16, beta_fast=8.0,
            beta_slow=1.0, attention_factor=1.1386294361119891)
LONG = dict(rope_type="longrope", rope_theta=500.0, partial_rotary_factor=0.75, short_factor=[1.0, 1.25, 2.0],
            long_factor=[2.0, 4.0, 8.0])
MODELS = {
    "mistral": lambda: MistralForCausalLM(MistralConfig(
        **SIZE, sliding_window=5, rope_parameters=dict(rope_type="default", rope_theta=100.0), tie_word_embeddings=True)),
    "olmo2": lambda: Olmo2ForCausalLM(Olmo2Config(
        **SIZE, rope_parameters=dict(rope_type="default", rope_theta=100.0), tie_word_embeddings=True)),
    "olmo3": lambda: Olmo3ForCausalLM(Olmo3Config(
        **SIZE, sliding_window=5, layer_types=["sliding_attention", "full_attention"], tie_word_embeddings=True,
        rope_parameters=dict(full_attention=YARN, sliding_attention=dict(rope_type="default", rope_theta=500.0)))),
    "phi3": lambda: Phi3ForCausalLM(Phi3Config(
        **SIZE, sliding_window=5, tie_word_embeddings=True,
        rope_parameters=dict(rope_type="default", rope_theta=100.0, partial_rotary_factor=0.5))),
    "phi3-longrope": lambda: Phi3ForCausalLM(Phi3Config(
        **SIZE, original_max_position_embeddings=16, tie_word_embeddings=True, rope_parameters=LONG)),
    "smollm3": lambda: SmolLM3ForCausalLM(SmolLM3Config(
        **dict(SIZE, num_hidden_layers=4), rope_parameters=dict(rope_type="default", rope_theta=100.0),
        tie_word_embeddings=True)),
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
             "model.layers.1.post_feedforward_layernorm.weight", "model.norm.weight",
             "model.layers.1.post_attention_layernorm.weight", "model.layers.1.self_attn.k_norm.weight",
             "model.layers.0.mlp.up_proj.weight", "model.layers.1.self_attn.v_proj.weight",
             "model.layers.3.self_attn.q_proj.weight")


def parts(key, values, config):
    """Phi-3's matrices as the three and the two that they are made of."""
    width = config.hidden_size // config.num_attention_heads
    query, other = config.num_attention_heads * width, config.num_key_value_heads * width
    if "qkv_proj" in key:
        cuts = {"q_proj": values[:query], "k_proj": values[query:query + other], "v_proj": values[query + other:]}
        return [(key.replace("qkv_proj", name), rows) for name, rows in cuts.items()]
    if "gate_up_proj" in key:
        cuts = zip(("gate_proj", "up_proj"), values.chunk(2))
        return [(key.replace("gate_up_proj", name), rows) for name, rows in cuts]
    return [(key, values)]


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
        gemma_norm = "norm" in key and "gemma" in model.config.model_type
        gradients = dict(parts(key, parameter.grad, model.config))
        for part, weight in parts(key, parameter.detach(), model.config):
            arrays[part] = (weight + 1 if gemma_norm else weight) if weight.ndim == 1 else weight.half()
            if part in GRADIENTS and (tied or weight.ndim == 1):
                arrays["gradient:" + part] = gradients[part]
    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".safetensors")
    save_file({key: array.contiguous() for key, array in arrays.items()}, file)
    print(name, os.path.getsize(file), output.loss.item(), model.config.to_dict().get("rope_parameters"))


for name, build in MODELS.items():
    if len(sys.argv) == 1 or name in sys.argv[1:]:
        make(name, build)
