"""The peer of this benchmark: Gemma 3 270M's shapes in `transformers`, with `peft` for LoRA, in float32 on the CPU.

    python torch_peer.py lora|body|group eager|compile [share of the tokens that the loss falls on, default 1] [steps, default 7]

`group`: the shapes of Qwen2.5 1.5B, eight answers of 200 tokens to one prompt of 700, with layers computed again for the
gradient. As with us, the head is applied only where a loss falls.
"""

import json
import resource
import statistics
import sys
import time

import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from transformers import Gemma3ForCausalLM, Gemma3TextConfig, Qwen2Config, Qwen2ForCausalLM

parts, mode = sys.argv[1], sys.argv[2]
group = parts == "group"
ROWS, LENGTH = 8, 899 if group else 256
share = 200 / 899 if group else float(sys.argv[3]) if len(sys.argv) > 3 else 1.0
steps = int(sys.argv[4]) if len(sys.argv) > 4 else 7
drawn = round(LENGTH * share)

torch.manual_seed(0)
config = Gemma3TextConfig(
    vocab_size=262144, hidden_size=640, intermediate_size=2048, num_hidden_layers=18, num_attention_heads=4,
    num_key_value_heads=1, head_dim=256, query_pre_attn_scalar=256, sliding_window=512, max_position_embeddings=32768,
    layer_types=["full_attention" if i % 6 == 5 else "sliding_attention" for i in range(18)], use_cache=False)
if group:
    model = Qwen2ForCausalLM(Qwen2Config(
        vocab_size=151936, hidden_size=1536, intermediate_size=8960, num_hidden_layers=28, num_attention_heads=12,
        num_key_value_heads=2, tie_word_embeddings=True, use_cache=False))
    model.gradient_checkpointing_enable()
    model.enable_input_require_grads()
else:
    model = Gemma3ForCausalLM(config)
if parts != "body":
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    model = get_peft_model(model, LoraConfig(r=16, lora_alpha=32, target_modules=targets, lora_dropout=0.0))
else:
    model.model.embed_tokens.weight.requires_grad = False
model.train()
trained = [p for p in model.parameters() if p.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=3e-4, betas=(0.9, 0.97), weight_decay=0.0, fused=True)
tokens = torch.randint(0, model.config.vocab_size, (ROWS, LENGTH + 1))
if group:
    tokens[:, :700] = tokens[0, :700]


def loss_of(tokens):
    logits = model(input_ids=tokens[:, :-1], logits_to_keep=drawn).logits
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), tokens[:, -drawn:].reshape(-1))


step_loss = torch.compile(loss_of) if mode == "compile" else loss_of
seconds, processor_seconds = [], []
for _ in range(steps):
    start, processor_start = time.perf_counter(), time.process_time()
    loss = step_loss(tokens)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()
    seconds.append(time.perf_counter() - start)
    processor_seconds.append(time.process_time() - processor_start)
median = statistics.median(seconds[1:])
print(f"torch {torch.__version__} {mode}, {torch.get_num_threads()} threads, {sum(p.numel() for p in trained)} trained "
      f"parameters, loss on {100 * share:.0f}%: median {median:.3f} s/step "
      f"(processor {statistics.median(processor_seconds[1:]):.3f}), {ROWS * LENGTH / median:.0f} tokens/s, "
      f"loss {loss.item():.4f}")
print("steps", " ".join(f"{s:.2f}" for s in seconds))
resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
print(f"memory: process {resident} MiB")
print(json.dumps({"tokens/s": ROWS * LENGTH / median, "processor seconds a step": statistics.median(processor_seconds[1:]),
                  "peak memory, MiB": resident}))
