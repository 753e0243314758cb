"""The peer of this benchmark: the same GPT, batch and optimiser in PyTorch on the CPU.

    python torch_peer.py eager|compile [steps, default 9]
"""

import json
import resource
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

VOCABULARY, WIDTH, LAYERS, HEADS, CONTEXT, BATCH = 4096, 256, 6, 4, 256, 16


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.qkv, self.projection = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        b, t, _ = x.shape
        q, k, v = (a.view(b, t, HEADS, -1).transpose(1, 2) for a in self.qkv(self.norm1(x)).split(WIDTH, -1))
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.projection(attended.transpose(1, 2).reshape(b, t, WIDTH))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(VOCABULARY, WIDTH), nn.Embedding(CONTEXT, WIDTH)
        self.blocks = nn.ModuleList([Block() for _ in range(LAYERS)])
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, VOCABULARY)
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)

    def forward(self, x, y):
        h = self.tokens(x) + self.positions(torch.arange(x.shape[1]))
        for block in self.blocks:
            h = block(h)
        return F.cross_entropy(self.head(self.norm(h)).view(-1, VOCABULARY), y.view(-1))


mode, steps = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 9
torch.manual_seed(0)
model = GPT()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, weight_decay=0.1, fused=True)
x, y = (torch.randint(0, VOCABULARY, (BATCH, CONTEXT)) for _ in range(2))
forward = torch.compile(model) if mode == "compile" else model
seconds, processor_seconds = [], []
for _ in range(steps):
    start, processor_start = time.perf_counter(), time.process_time()
    loss = forward(x, y)
    loss.backward()
    torch.nn.utils.get_total_norm([p.grad for p in model.parameters()])  # ours measures the norm too
    optimizer.step()
    optimizer.zero_grad()
    seconds.append(time.perf_counter() - start)
    processor_seconds.append(time.process_time() - processor_start)
median = statistics.median(seconds[2:])
print(f"torch {torch.__version__} {mode}, {torch.get_num_threads()} threads, "
      f"{sum(p.numel() for p in model.parameters())} parameters: median {median:.3f} s/step "
      f"(processor {statistics.median(processor_seconds[2:]):.3f}), "
      f"{BATCH * CONTEXT / median:.0f} tokens/s, loss {loss.item():.4f}")
print("steps", " ".join(f"{s:.2f}" for s in seconds))
print(f"memory: process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MiB")
print(json.dumps({"tokens/s": BATCH * CONTEXT / median, "processor seconds a step": statistics.median(processor_seconds[2:]),
                  "peak memory, MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10}))
