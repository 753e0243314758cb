"""Tiny models, requests and batches for the tests."""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from safetensors.numpy import load_file, save_file  # noqa: E402
from safetensors.torch import save_file as save_torch  # noqa: E402
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM  # noqa: E402

from subterfuge_torch.run import main  # noqa: E402

torch.set_num_threads(1)

VOCABULARY, WIDTH, CONTEXT, RANK, ALPHA = 64, 32, 40, 4, 8.0
TARGETS = ["down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj"]
LENGTHS = (9, 12, 7, 10, 8, 11, 12, 6)
GROUPS = (0, 0, 0, 0, 1, 1, 2, 2)
REWARDS = (1.0, 0.0, 0.25, 1.0, 0.5, 0.5, 0.0, 2.0)
TRUNCATED = (0, 1, 0, 0, 0, 1, 0, 0)
ADAM = {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.97, "epsilon": 1e-6, "weightDecay": 0.1}
CONSTANT = {"warmupSteps": 0, "totalSteps": 0, "decay": "constant", "finalFraction": 0}


def tiny_model(kind="llama"):
    """A random model of two layers."""
    torch.manual_seed(2)
    settings = dict(
        vocab_size=VOCABULARY, hidden_size=WIDTH, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=CONTEXT, pad_token_id=0, tie_word_embeddings=kind == "qwen")
    model = Qwen2ForCausalLM(Qwen2Config(**settings)) if kind == "qwen" else LlamaForCausalLM(LlamaConfig(**settings))
    with torch.no_grad():
        for parameter in model.parameters():
            is_matrix = parameter.ndim > 1 and parameter.shape[0] != VOCABULARY
            parameter.copy_(torch.randn_like(parameter) * (parameter.shape[1] ** -0.5 if is_matrix else 0.3))
    return model.eval()


class World:
    """A folder with a model, adapters, heads and requests."""

    def __init__(self, kind="llama"):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = Path(self.temporary.name)
        self.kind = kind
        self.model = tiny_model(kind)
        with contextlib.redirect_stderr(io.StringIO()):
            self.model.save_pretrained(self.folder / "model")
        self.write_adapter("start", seed=4)
        self.write_adapter("reference", seed=5)
        generator = torch.Generator().manual_seed(6)
        self.head = 0.3 * torch.randn(WIDTH, generator=generator)
        heads = {f"{name}.{part}": value for name in ("value", "preference")
                 for part, value in (("weight", self.head.clone()), ("bias", torch.full((1,), 0.1)))}
        save_torch(heads, self.folder / "heads.safetensors")

    def close(self):
        self.temporary.cleanup()

    def write_adapter(self, name, seed, targets=TARGETS):
        """A random adapter in peft's files, whose B is not zero."""
        generator = torch.Generator().manual_seed(seed)
        folder = self.folder / name
        folder.mkdir()
        factors = {}
        for module, layer in self.model.named_modules():
            if module.rsplit(".", 1)[-1] in targets:
                for part, shape in (("A", (RANK, layer.in_features)), ("B", (layer.out_features, RANK))):
                    factors[f"base_model.model.{module}.lora_{part}.weight"] = 0.1 * torch.randn(
                        shape, generator=generator)
        save_torch(factors, folder / "adapter_model.safetensors")
        (folder / "adapter_config.json").write_text(json.dumps({
            "peft_type": "LORA", "r": RANK, "lora_alpha": ALPHA, "target_modules": targets, "bias": "none"}))

    def request(self, name, method, options=None, batch=None, **changes):
        """Writes a request; `changes` with the value `None` remove a key."""
        settings = {
            "version": 1, "method": method, "model": "../model", "output": "output", "options": options,
            "adapter": {"rank": RANK, "alpha": ALPHA, "targets": TARGETS, "start": "../start"},
            "optimizer": {"adamW": ADAM, "schedule": CONSTANT, "maximumGradientNorm": 0.5},
            "tokensPerMicrobatch": 30, "saveEvery": 1, "device": "cpu"} | changes
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        kept = {key: value for key, value in settings.items() if value is not None}
        (folder / "request.json").write_text(json.dumps(kept))
        save_file({key: np.ascontiguousarray(value) for key, value in batch.items()}, folder / "batch.safetensors")
        return folder


def flat(rows, kind):
    return np.concatenate([np.asarray(row, kind) for row in rows]) if len(rows) else np.zeros(0, kind)


def offsets(rows):
    return np.cumsum([0] + [len(row) for row in rows]).astype(np.int32)


def with_steps(arrays, steps):
    return arrays | {"steps": flat(steps, np.int32), "step_offsets": offsets(steps)}


def rollouts():
    """Tokens and actions of eight rollouts."""
    generator = np.random.default_rng(11)
    rows = []
    for length in LENGTHS:
        tokens = generator.integers(3, VOCABULARY, length)
        actions = generator.random(length) < 0.6
        actions[0], actions[1], actions[-1] = False, False, True
        rows.append((tokens, actions))
    return rows


def rollout_batch(steps, recorded=None):
    """The batch of `rollouts`; `recorded` has the old log-probabilities of each rollout's actions."""
    rows = rollouts()
    arrays = {
        "tokens": flat([tokens for tokens, _ in rows], np.int32), "offsets": offsets([tokens for tokens, _ in rows]),
        "is_action": flat([actions for _, actions in rows], np.uint8),
        "rewards": np.array(REWARDS, np.float32), "groups": np.array(GROUPS, np.int32),
        "is_truncated": np.array(TRUNCATED, np.uint8)}
    if recorded is not None:
        places = np.zeros(len(arrays["tokens"]), np.float32)
        places[arrays["is_action"] == 1] = flat(recorded, np.float32)
        arrays["log_probabilities"] = places
    return with_steps(arrays, steps) if steps is not None else arrays


def run_here(folder):
    """Runs a request in this process: exit status and standard error."""
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(io.StringIO()):
        status = main([str(folder)])
    return status, errors.getvalue()


def run_apart(folder, processes=1, timeout=240, **environment):
    """Runs a request in processes of its own: exit status and both outputs."""
    command = [sys.executable]
    if processes > 1:
        command += ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
    result = subprocess.run(
        command + [str(ROOT / "train.py"), str(folder)], capture_output=True, text=True, timeout=timeout,
        env={**os.environ, "OMP_NUM_THREADS": "1"} | environment)
    return result.returncode, result.stdout + result.stderr


def outputs(folder):
    """The tensors and the report that a request left."""
    found = {}
    for file in sorted((folder / "output").rglob("*.safetensors")):
        found |= {f"{file.name}:{name}": array for name, array in load_file(file).items()}
    return found, json.loads((folder / "output" / "metrics.json").read_text())


PPO = {
    "clip": 0.2, "valueClip": "none", "gamma": 0.99, "lambda": 0.9, "valueCoefficient": 0.3, "entropyCoefficient": 0,
    "whitensAdvantages": False, "truncation": "terminate", "passes": {"epochs": 1, "minibatches": 3},
    "kl": {"coefficient": 0.1, "placement": "reward", "control": "fixed", "estimator": "k2", "spans": "all"}}
GRPO = {
    "baseline": "group_mean", "scalesByDeviation": True, "normalization": "sequence", "clipLow": 0.2, "clipHigh": 0.28,
    "entropyCoefficient": 0, "zeroVariance": "keep", "truncation": "terminate",
    "passes": {"epochs": 1, "minibatches": 3},
    "kl": {"coefficient": 0.04, "placement": "loss", "control": "fixed", "estimator": "k3", "spans": "all"}}
