"""Makes smollm2.json beside this file: what `transformers` computes from the real SmolLM2-135M-Instruct.Q4_1.gguf.

    python make_smollm2.py SmolLM2-135M-Instruct.Q4_1.gguf     (transformers 5.24, torch 2.15, gguf 0.19)

The tokens of a dialogue in the model's own chat template, and the logits after the last: the twenty largest, with their ids.
"""

import json
import pathlib
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

path = pathlib.Path(sys.argv[1])
tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32).eval()
text = tokenizer.apply_chat_template(
    [{"role": "user", "content": "What is the capital of France?"}], tokenize=False, add_generation_prompt=True)
tokens = tokenizer(text, add_special_tokens=False)["input_ids"]
with torch.no_grad():
    logits = model(torch.tensor([tokens])).logits[0, -1]
    greedy = model.generate(torch.tensor([tokens]), max_new_tokens=8, do_sample=False)[0, len(tokens):]
top = logits.topk(20)
print(repr(text), tokenizer.decode(greedy))
(pathlib.Path(__file__).parent / "smollm2.json").write_text(json.dumps({
    "tokens": tokens, "ids": top.indices.tolist(), "logits": top.values.tolist(), "greedy": greedy.tolist()}))
