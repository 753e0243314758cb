"""Makes training.safetensors and adapter/ beside this file: fine-tuning by `transformers`, `peft` and torch's AdamW, step by
step, of a tiny random Gemma 3.

    python make_training.py     (transformers, peft, torch, safetensors)

`tokens` [4, T] are padded with 0 on the right; `weights` [4, T] are 1 where a loss falls: labels are -100 elsewhere, and on
the padding. `losses:<run>` are the losses of the steps of a run, `<run>:<name>` weights after it. adapter/ is the
trained adapter as `peft` saves it; `adapter:logits` [1, T, V] are the logits of the first row with it.
"""

import math
import os

import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS, WARMUP, FLOOR = 6, 2, 0.1
LENGTHS = (12, 7, 9, 12)
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def tiny():
    torch.manual_seed(2)
    model = Gemma3ForCausalLM(Gemma3TextConfig(
        vocab_size=64, hidden_size=32, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, query_pre_attn_scalar=8, sliding_window=5, max_position_embeddings=64,
        layer_types=["sliding_attention", "full_attention"], attn_implementation="eager", pad_token_id=0,
        rope_parameters=dict(full_attention=dict(rope_type="default", rope_theta=1000.0),
                             sliding_attention=dict(rope_type="default", rope_theta=50.0))))
    for parameter in model.parameters():
        scale = 0.3 if parameter.ndim == 1 or parameter.shape[0] == 64 else parameter.shape[1] ** -0.5
        parameter.data = (scale * torch.randn_like(parameter)).half().float()
    return model


def data():
    torch.manual_seed(3)
    tokens, weights = torch.zeros(4, max(LENGTHS), dtype=torch.long), torch.zeros(4, max(LENGTHS))
    for row, length in enumerate(LENGTHS):
        tokens[row, :length] = torch.randint(3, 64, (length,))
        weights[row, 1:length] = (torch.rand(length - 1) < 0.6).float()
        weights[row, length - 1] = 1  # the last real token is a target, what follows never is
    return tokens, weights


def fraction(step):
    if step < WARMUP:
        return (step + 1) / WARMUP
    progress = min((step - WARMUP) / (STEPS - WARMUP), 1)
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * progress))


def train(model, tokens, weights, rate):
    mask = torch.zeros_like(tokens)
    for row, length in enumerate(LENGTHS):
        mask[row, :length] = 1
    labels = torch.where(weights > 0, tokens, torch.full_like(tokens, -100))
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [dict(params=[p for p in trained if p.ndim > 1], weight_decay=0.1),
              dict(params=[p for p in trained if p.ndim == 1], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.97), eps=1e-6)
    losses = []
    for step in range(STEPS):
        loss = model(input_ids=tokens, attention_mask=mask, labels=labels).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        for group in optimizer.param_groups:
            group["lr"] = rate * fraction(step)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    return torch.tensor(losses)


def stored(name, weight):
    """As this project's names have it: a Gemma norm multiplies by one more than its file says."""
    return weight.detach().clone() + 1 if "norm" in name else weight.detach().clone()


def make():
    tokens, weights = data()
    arrays = {"tokens": tokens.int(), "weights": weights}
    model = tiny()
    for name, weight in model.named_parameters():
        arrays["start:" + name] = stored(name, weight) if weight.ndim == 1 else weight.detach().half()
    arrays["losses:all"] = train(model, tokens, weights, 1e-2)
    for name, weight in model.named_parameters():
        if name in ("model.embed_tokens.weight", "model.layers.0.self_attn.k_proj.weight", "model.norm.weight",
                    "model.layers.1.mlp.down_proj.weight", "model.layers.1.self_attn.q_norm.weight"):
            arrays["all:" + name] = stored(name, weight)

    model = tiny()
    model.model.embed_tokens.weight.requires_grad = False
    arrays["losses:body"] = train(model, tokens, weights, 1e-2)
    arrays["body:model.layers.0.mlp.up_proj.weight"] = model.model.layers[0].mlp.up_proj.weight.detach().clone()

    torch.manual_seed(4)
    model = get_peft_model(tiny(), LoraConfig(r=3, lora_alpha=10, target_modules=TARGETS, lora_dropout=0.0))
    first = {name: p.detach().clone() for name, p in model.named_parameters() if "lora_A" in name}
    for name, a in first.items():
        arrays["adapter:" + name.removeprefix("base_model.model.").replace(".default", "")] = a
    arrays["losses:adapter"] = train(model, tokens, weights, 2e-2)
    model.save_pretrained(os.path.join(HERE, "adapter"))
    arrays["adapter:logits"] = model.eval()(input_ids=tokens[:1]).logits.detach()
    os.remove(os.path.join(HERE, "adapter", "README.md"))

    save_file({name: array.contiguous() for name, array in arrays.items()}, os.path.join(HERE, "training.safetensors"))
    for run in ("all", "body", "adapter"):
        print(run, arrays["losses:" + run].tolist())


if __name__ == "__main__":
    make()
