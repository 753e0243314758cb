"""Reference numbers for MLXTests, made with PyTorch in double precision where gradients are concerned.

Run once, anywhere, with torch and safetensors installed:  python make_fixtures.py
It writes primitives.safetensors and optimizers.safetensors beside itself. Nothing here imports our code.

primitives: for each case, NAME.in.0 ..., NAME.weight (the loss is the sum of result * weight), NAME.out, NAME.grad.0 ...
optimizers: a sequence of gradients and the parameters after each step.
"""

import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

torch.manual_seed(20240614)
folder = pathlib.Path(__file__).parent
tensors = {}


def case(name, function, *inputs, integers=()):
    """Stores inputs, result and the gradients of sum(result * weight)."""
    exact = [x.double().requires_grad_() for x in inputs]
    out = function(*exact, *integers)
    weight = torch.randn(out.shape)
    (out * weight.double()).sum().backward()
    for i, x in enumerate(inputs):
        tensors[f"{name}.in.{i}"] = x
        tensors[f"{name}.grad.{i}"] = exact[i].grad.float()
    for i, x in enumerate(integers):
        tensors[f"{name}.int.{i}"] = x.int()
    tensors[f"{name}.weight"] = weight
    tensors[f"{name}.out"] = out.detach().float()


def save(name):
    dense = {key: value.contiguous() for key, value in tensors.items()}
    save_file(dense, folder / f"{name}.safetensors", {"torch": str(torch.__version__)})


def rand(*shape, scale=1.0):
    return torch.randn(*shape) * scale


# Wide inputs too: the exponential must not overflow.
case("gelu", lambda x: F.gelu(x, approximate="tanh"), torch.cat([rand(40), rand(13, scale=20)]))
case("silu", F.silu, torch.cat([rand(40), rand(13, scale=40)]))
case("relu2", lambda x: F.relu(x) ** 2, rand(3, 11))
case("geglu", lambda a, b: F.gelu(a, approximate="tanh") * b, rand(3, 11), rand(3, 11))
case("swiglu", lambda a, b: F.silu(a) * b, rand(3, 11), rand(3, 11))

case("cross_entropy", lambda x, t: F.cross_entropy(x, t, reduction="none"), rand(9, 37, scale=5),
     integers=[torch.randint(0, 37, (9,))])
case("cross_entropy_extreme", lambda x, t: F.cross_entropy(x, t, reduction="none"), rand(4, 19, scale=200),
     integers=[torch.randint(0, 19, (4,))])
case("log_sum_exp", lambda x: torch.logsumexp(x, -1), rand(6, 21, scale=10))

case("rms_norm", lambda x, w: F.rms_norm(x, w.shape, w, 1e-5), rand(7, 3, 19), 1 + rand(19, scale=0.2))
case("layer_norm", lambda x, w, b: F.layer_norm(x, w.shape, w, b, 1e-5), rand(5, 19) + 3, 1 + rand(19, scale=0.2),
     rand(19))


def causal(scores):
    t, s = scores.shape[-2:]
    return scores.masked_fill(torch.ones(t, s, dtype=torch.bool).triu(1 + s - t), -torch.inf)


case("causal_softmax", lambda x: torch.softmax(causal(0.3 * x), -1), rand(2, 3, 10, 10, scale=3))


def padded(scores, lengths):
    seen = torch.arange(scores.shape[-1]) < lengths.view(-1, *[1] * (scores.ndim - 1))
    return torch.softmax((0.3 * scores).masked_fill(~seen, -torch.inf), -1)


case("padded_softmax", padded, rand(3, 2, 4, 13), integers=[torch.tensor([13, 6, 1])])


def attention(q, k, v):
    """[B, T, H, D] with shared key heads."""
    q, k, v = (x.transpose(1, 2) for x in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=0.25, enable_gqa=True).transpose(1, 2)


case("attention", attention, rand(2, 37, 4, 12), rand(2, 37, 2, 12), rand(2, 37, 2, 12))


def rotary(x):
    """Half-split convention of Llama and Gemma: positions 2...T+1, base 10000, all of the width."""
    t, d = x.shape[1], x.shape[-1]
    angles = torch.outer(torch.arange(2, 2 + t).double(), 10000.0 ** (-torch.arange(0, d, 2).double() / d))
    c, s = (torch.cat([f(angles)] * 2, -1)[:, None, :] for f in (torch.cos, torch.sin))
    turned = torch.cat([-x[..., d // 2:], x[..., : d // 2]], -1)
    return x * c + turned * s


case("rotary", rotary, rand(2, 5, 3, 14))
case("embedding", lambda w, i: F.embedding(i, w), rand(6, 5), integers=[torch.tensor([[5, 0, 0], [2, 2, 2]])])
case("causal_shift",
     lambda x, w: F.conv1d(F.pad(x.transpose(1, 2), (len(w) - 1, 0)), w.flip(0).T[:, None, :],
                           groups=x.shape[2]).transpose(1, 2),
     rand(2, 7, 10), rand(3, 10))

save("primitives")


# MARK: Optimisers: a matrix [6, 4], a wide one [3, 8] and a vector [5]; five steps of given gradients.

def newton_schulz(g):
    """torch.optim.Muon's iteration, but in float32 instead of bfloat16."""
    x = g.T if g.shape[0] > g.shape[1] else g
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return x.T if g.shape[0] > g.shape[1] else x


tensors = {}
start = {"tall": rand(6, 4), "wide": rand(3, 8), "vector": rand(5)}
gradients = [{n: rand(*p.shape) for n, p in start.items()} for _ in range(5)]
for n, p in start.items():
    tensors[f"start.{n}"] = p
    for i, g in enumerate(gradients):
        tensors[f"gradient.{i}.{n}"] = g[n]

parameters = {n: p.clone().requires_grad_() for n, p in start.items()}
groups = [{"params": [parameters["tall"], parameters["wide"]], "weight_decay": 0.1},
          {"params": [parameters["vector"]], "weight_decay": 0.0}]
adamw = torch.optim.AdamW(groups, lr=0.03, betas=(0.9, 0.95), eps=1e-8)
for i, g in enumerate(gradients):
    for n, p in parameters.items():
        p.grad = g[n].clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters.values(), 2.0)
    adamw.step()
    tensors[f"adamw.norm.{i}"] = norm.reshape(1)
    for n, p in parameters.items():
        tensors[f"adamw.{i}.{n}"] = p.detach().clone()

for n in ("tall", "wide"):
    p, average = start[n].clone(), torch.zeros_like(start[n])
    official = torch.nn.Parameter(start[n].clone())
    muon = torch.optim.Muon([official], lr=0.02, weight_decay=0.1, momentum=0.95)
    for i, g in enumerate(gradients):
        average = 0.95 * average + 0.05 * g[n]
        direction = newton_schulz(0.05 * g[n] + 0.95 * average)
        p = p * (1 - 0.02 * 0.1) - 0.02 * max(1, p.shape[0] / p.shape[1]) ** 0.5 * direction
        tensors[f"muon.{i}.{n}"] = p.clone()
        official.grad = g[n].clone()
        muon.step()
        tensors[f"torch_muon.{i}.{n}"] = official.detach().clone()

save("optimizers")
