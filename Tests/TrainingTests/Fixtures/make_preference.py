"""Makes preference.safetensors beside this file: a tiny random seedling with a scalar head, written anew in torch, and three
steps of Bradley-Terry training by torch's AdamW.

    python make_preference.py     (torch, numpy, safetensors)

`weight:<name>` and `weight:head.*` are the start. `tokens` [2 P, T] are the chosen rows, then the rejected, padded with 0 on
the right; `lengths` [2 P]; `margins` [P]. `scores` [2 P] are the head's values at the last tokens before training,
`losses` [3] those of the steps, `trained:<name>` some weights after them.
"""

import math
import os

import torch
from safetensors.torch import save_file

VOCABULARY, WIDTH, LAYERS, HEADS, GROUPS, HEAD, HIDDEN = 369, 32, 2, 2, 1, 16, 64
LENGTHS = (9, 14, 5, 11, 6, 14)
MARGINS = (0.0, 0.5, 1.0)
CENTRING, RATE, STEPS, WARMUP, FLOOR = 0.05, 1e-2, 3, 2, 0.1


def start():
    torch.manual_seed(1)
    shapes = {"embedding": [VOCABULARY, WIDTH], "shift": [3, WIDTH]}
    for layer in range(LAYERS):
        prefix = f"layers.{layer}."
        shapes |= {prefix + "attention_norm": [WIDTH],
                   prefix + "query_key_value": [HEADS * HEAD + 2 * GROUPS * HEAD, WIDTH],
                   prefix + "query_norm": [HEAD], prefix + "key_norm": [HEAD], prefix + "output": [WIDTH, HEADS * HEAD],
                   prefix + "mlp_norm": [WIDTH], prefix + "up": [HIDDEN, WIDTH], prefix + "down": [WIDTH, HIDDEN]}
    shapes |= {"norm": [WIDTH], "head.weight": [WIDTH], "head.bias": [1]}
    weights = {}
    for name, shape in shapes.items():
        base = 1.0 if name.endswith("norm") else 0.0
        scale = 0.3 if len(shape) == 1 or name == "shift" else shape[1] ** -0.5
        weights[name] = (base + scale * torch.randn(shape)).half().float().requires_grad_()
    return weights


def rms(x, weight=None):
    y = x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-6)
    return y if weight is None else y * weight


def rotate(x):
    """x [B, T, H, HEAD]: element i turns with element i + HEAD / 2."""
    half = HEAD // 2
    angles = torch.arange(x.shape[1])[:, None] * 10_000.0 ** (-2 * torch.arange(half) / HEAD)
    cos, sin = angles.cos()[:, None, :], angles.sin()[:, None, :]
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * cos - b * sin, a * sin + b * cos], -1)


def states(w, tokens):
    x = rms(w["embedding"])[tokens]
    before = [torch.nn.functional.pad(x, (0, 0, k, 0))[:, :x.shape[1]] for k in range(3)]
    x = sum(w["shift"][k] * before[k] for k in range(3))
    rows, length = tokens.shape
    mask = torch.full((length, length), -math.inf).triu(1)
    for layer in range(LAYERS):
        p = {n.removeprefix(f"layers.{layer}."): a for n, a in w.items() if n.startswith(f"layers.{layer}.")}
        q, k, v = (rms(x, p["attention_norm"]) @ p["query_key_value"].T).split([HEADS * HEAD, GROUPS * HEAD, GROUPS * HEAD], -1)
        q = rotate(rms(q.view(rows, length, HEADS, HEAD), p["query_norm"])).transpose(1, 2)
        k = rotate(rms(k.view(rows, length, GROUPS, HEAD), p["key_norm"])).transpose(1, 2)
        v = v.view(rows, length, GROUPS, HEAD).transpose(1, 2)
        k, v = k.repeat_interleave(HEADS // GROUPS, 1), v.repeat_interleave(HEADS // GROUPS, 1)
        attended = torch.softmax(q @ k.transpose(-1, -2) * (10 / HEAD) + mask, -1) @ v
        x = x + attended.transpose(1, 2).reshape(rows, length, HEADS * HEAD) @ p["output"].T
        x = x + torch.relu(rms(x, p["mlp_norm"]) @ p["up"].T).square() @ p["down"].T
    return rms(x, w["norm"])


def scores(w, tokens, lengths):
    last = states(w, tokens)[torch.arange(len(lengths)), lengths - 1]
    return last @ w["head.weight"] + w["head.bias"]


def fraction(step):
    if step < WARMUP:
        return (step + 1) / WARMUP
    progress = min((step - WARMUP) / (STEPS - WARMUP), 1)
    return FLOOR + (1 - FLOOR) * 0.5 * (1 + math.cos(math.pi * progress))


def main():
    w = start()
    lengths, margins = torch.tensor(LENGTHS), torch.tensor(MARGINS)
    tokens = torch.zeros(len(LENGTHS), max(LENGTHS), dtype=torch.long)
    for row, length in enumerate(LENGTHS):
        tokens[row, :length] = torch.randint(12, VOCABULARY, (length,))
    arrays = {"tokens": tokens.int(), "lengths": lengths.int(), "margins": margins}
    arrays |= {"weight:" + name: a.detach().clone() if a.ndim == 1 else a.detach().half() for name, a in w.items()}
    arrays["scores"] = scores(w, tokens, lengths).detach()
    groups = [dict(params=[a for a in w.values() if a.ndim > 1], weight_decay=0.1),
              dict(params=[a for a in w.values() if a.ndim == 1], weight_decay=0.0)]
    optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.97), eps=1e-6)
    losses = []
    for step in range(STEPS):
        chosen, rejected = scores(w, tokens, lengths).chunk(2)
        loss = (-torch.nn.functional.logsigmoid(chosen - rejected - margins)
                + CENTRING * (chosen + rejected).square()).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(w.values()), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = RATE * fraction(step)
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    arrays["losses"] = torch.tensor(losses)
    for name in ("head.weight", "head.bias", "norm", "layers.1.down", "layers.0.key_norm"):
        arrays["trained:" + name] = w[name].detach().clone()
    here = os.path.dirname(os.path.abspath(__file__))
    save_file({name: a.contiguous() for name, a in arrays.items()}, os.path.join(here, "preference.safetensors"))
    print(arrays["scores"].tolist(), losses)


if __name__ == "__main__":
    main()
