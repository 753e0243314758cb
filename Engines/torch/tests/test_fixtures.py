"""The fixtures that the Swift trainer is tested with: both trainers must give their numbers."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

from support import ROOT, TARGETS, GRPO, flat, offsets, outputs, run_here, with_steps

FIXTURES = ROOT.parent.parent / "Tests" / "TrainingTests" / "Fixtures"
LENGTHS = (12, 7, 9, 12)


@unittest.skipUnless(FIXTURES.is_dir(), "the fixtures are part of the whole repository")
class FixtureTests(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        self.arrays = load_file(FIXTURES / "training.safetensors")
        model = Gemma3ForCausalLM(Gemma3TextConfig(
            vocab_size=64, hidden_size=32, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, head_dim=8, query_pre_attn_scalar=8, sliding_window=5, max_position_embeddings=64,
            layer_types=["sliding_attention", "full_attention"], pad_token_id=0,
            rope_parameters={"full_attention": {"rope_type": "default", "rope_theta": 1000.0},
                             "sliding_attention": {"rope_type": "default", "rope_theta": 50.0}}))
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                stored = torch.from_numpy(self.arrays[f"start:{name}"].astype(np.float32))
                parameter.copy_(stored - 1 if "norm" in name else stored)
        model.save_pretrained(self.folder / "model")
        self.write_start()

    def write_start(self):
        """The fixture's first factors A, and zeros."""
        factors = {}
        for name, a in self.arrays.items():
            if name.startswith("adapter:") and name.endswith("lora_A.weight"):
                module = name.removeprefix("adapter:").removesuffix(".lora_A.weight")
                outputs_ = len(self.arrays[f"start:{module}.weight"])
                factors[f"base_model.model.{module}.lora_A.weight"] = a
                factors[f"base_model.model.{module}.lora_B.weight"] = np.zeros((outputs_, 3), np.float32)
        start = self.folder / "start"
        start.mkdir()
        save_file(factors, start / "adapter_model.safetensors")
        shutil.copy(FIXTURES / "adapter" / "adapter_config.json", start)

    def request(self, method, batch, optimizer, **changes):
        folder = self.folder / method
        folder.mkdir()
        (folder / "request.json").write_text(json.dumps({
            "version": 1, "method": method, "model": "../model", "output": "output", "optimizer": optimizer,
            "adapter": {"rank": 3, "alpha": 10, "targets": TARGETS, "start": "../start"}, "tokensPerMicrobatch": 24,
            "device": "cpu"} | changes))
        save_file(batch, folder / "batch.safetensors")
        self.assertEqual(run_here(folder), (0, ""))
        return outputs(folder)

    def test_fine_tuning_an_adapter(self):
        rows = [self.arrays["tokens"][row, :length] for row, length in enumerate(LENGTHS)]
        weights = [self.arrays["weights"][row, :length] for row, length in enumerate(LENGTHS)]
        batch = with_steps({
            "tokens": flat(rows, np.int32), "offsets": offsets(rows), "weights": flat(weights, np.float32)},
            [range(4)] * 6)
        tensors, report = self.request("supervised", batch, {
            "adamW": {"learningRate": 2e-2, "beta1": 0.9, "beta2": 0.97, "epsilon": 1e-6, "weightDecay": 0.1},
            "schedule": {"warmupSteps": 2, "totalSteps": 0, "decay": "cosine", "finalFraction": 0.1},
            "maximumGradientNorm": 1})
        losses = [step["loss"] for step in report["everyStep"]]
        np.testing.assert_allclose(losses, self.arrays["losses:adapter"], atol=1e-5)
        for name, array in load_file(FIXTURES / "adapter" / "adapter_model.safetensors").items():
            np.testing.assert_allclose(tensors[f"adapter_model.safetensors:{name}"], array, atol=2e-5, err_msg=name)

    def test_first_step_of_dr_grpo(self):
        """Only the first step: the fixture trains every weight."""
        arrays = load_file(FIXTURES / "rl.safetensors")
        edges = np.cumsum([0, *arrays["lengths"]]).astype(np.int32)
        places = np.zeros(len(arrays["tokens"]), np.float32)
        places[arrays["actions"] == 1] = arrays["recorded"]
        batch = {
            "tokens": arrays["tokens"], "offsets": edges, "is_action": arrays["actions"].astype(np.uint8),
            "log_probabilities": places, "rewards": np.array((1, 0, 0.25, 1, 0.5, 0.5, 0, 2), np.float32),
            "groups": np.array((0, 0, 0, 0, 1, 1, 2, 2), np.int32),
            "is_truncated": np.array((0, 1, 0, 0, 0, 1, 0, 0), np.uint8)}
        options = GRPO | {
            "scalesByDeviation": False, "normalization": {"length": 12}, "entropyCoefficient": 0.01,
            "zeroVariance": "drop", "kl": GRPO["kl"] | {"coefficient": 0}, "passes": {"epochs": 1, "minibatches": 1}}
        _, report = self.request("grpo", with_steps(batch, [[0, 1, 2, 3, 6, 7]]), {
            "adamW": {"learningRate": 1e-3, "beta1": 0.9, "beta2": 0.97, "epsilon": 1e-6, "weightDecay": 0},
            "schedule": {"warmupSteps": 0, "totalSteps": 0, "decay": "constant", "finalFraction": 0},
            "maximumGradientNorm": 0.5}, options=options, temperature=0.7)
        for name in ("loss", "policy_loss", "entropy_bonus", "approx_kl", "clip_share"):
            self.assertAlmostEqual(report["everyStep"][0][name], float(arrays[f"dr_grpo:{name}"][0]), places=5, msg=name)


if __name__ == "__main__":
    unittest.main()
