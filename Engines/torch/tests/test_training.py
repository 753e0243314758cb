"""Whole runs against the plain trainer: losses, gradient norms and weights of three steps."""

import unittest

import numpy as np
import torch

import plain
from support import (CONSTANT, ADAM, GRPO, PPO, VOCABULARY, World, flat, offsets, outputs, rollout_batch, rollouts, run_here,
                     with_steps)

STEPS = [[0, 3, 5], [1, 2, 7], [4, 6]]


def kl(options, **changes):
    return options["kl"] | changes


class TrainingCase(unittest.TestCase):
    """Runs requests and compares them with the plain trainer."""

    def setUp(self):
        self.world = World()
        self.addCleanup(lambda: self.world.close())

    def agree(self, folder, metrics, weights, tolerance=2e-5):
        status, errors = run_here(folder)
        self.assertEqual(status, 0, errors)
        tensors, report = outputs(folder)
        self.assertEqual(len(report["everyStep"]), len(metrics))
        for found, expected in zip(report["everyStep"], metrics):
            for name, value in expected.items():
                self.assertAlmostEqual(found[name], value, delta=tolerance, msg=name)
        for name, value in weights.items():
            key = f"adapter_model.safetensors:base_model.model.{name}"
            if name.startswith("head."):
                head = "preference" if report["method"] == "preference" else "value"
                key = f"heads.safetensors:{head}.{name.removeprefix('head.')}"
            difference = np.abs(tensors[key] - value.numpy()).max()
            self.assertLess(difference, tolerance, name)
        return report


class ReinforcementTests(TrainingCase):
    def recorded(self):
        """As if drawn from a policy a little off: ratios start on both sides of 1."""
        generator = torch.Generator().manual_seed(12)
        policy = plain.PlainPolicy(self.world, "start")
        with torch.no_grad():
            return [(one := policy.read(tokens, actions, 0.7)[0]).numpy()
                    + 0.25 * torch.randn(len(one), generator=generator).numpy() for tokens, actions in rollouts()]

    def check(self, method, options, coefficient, steps=STEPS, has_record=True, thought=None, reference="reference"):
        recorded = self.recorded() if has_record else None
        minibatches = options | {"passes": {"epochs": 1, "minibatches": len(steps)}}
        batch = rollout_batch(steps, recorded)
        if thought is not None:
            batch["is_thought"] = np.zeros(len(batch["tokens"]), np.uint8)
            batch["is_thought"][batch["is_action"] == 1] = flat(thought, np.uint8)
        folder = self.world.request(
            "run", method, minibatches, batch, klCoefficient=coefficient, temperature=0.7,
            reference={"adapter": reference and f"../{reference}"}, heads="../heads.safetensors")
        metrics, weights = plain.reinforce(
            self.world, method, options, coefficient, steps, recorded, thought, 0.7, reference)
        return self.agree(folder, metrics, weights)

    def test_ppo_with_the_penalty_in_the_reward(self):
        report = self.check("ppo", PPO | {"entropyCoefficient": 0.02, "valueClip": 0.05, "truncation": "bootstrap",
                                          "whitensAdvantages": True}, 0.1)
        self.assertGreater(report["metrics"]["clip_share"], 0)
        self.assertGreater(report["metrics"]["log_probability_difference"], 0.1)

    def test_ppo_with_the_penalty_in_the_loss(self):
        self.check("ppo", PPO | {"clip": 0.4, "truncation": "exclude", "kl": kl(PPO, placement="loss")}, 0.2,
                   [[0, 3], [2, 7], [4, 6]])

    def test_ppo_against_the_model_itself_and_without_records(self):
        self.check("ppo", PPO, 0.1, has_record=False, reference=None)

    def test_grpo(self):
        self.check("grpo", GRPO, 0.04)

    def test_grpo_holds_the_answer_only(self):
        thought = [(np.arange(int(actions.sum())) % 2).astype(np.float32) for _, actions in rollouts()]
        report = self.check("grpo", GRPO | {"kl": kl(GRPO, estimator="k2", spans="answer")}, 0.5, thought=thought)
        self.assertNotEqual(report["metrics"]["kl_answer"], report["metrics"]["kl_thought"])

    def test_dr_grpo(self):
        self.check("grpo", GRPO | {"normalization": {"length": 12}, "scalesByDeviation": False, "zeroVariance": "drop",
                                   "entropyCoefficient": 0.01}, 0.0, [[0, 3], [1, 2], [7, 6]])

    def test_rloo(self):
        self.check("grpo", GRPO | {"normalization": "token", "baseline": "leave_one_out", "scalesByDeviation": False,
                                   "truncation": "exclude", "kl": kl(GRPO, placement="reward")}, 0.1,
                   [[0, 3], [2, 7], [4, 6]])

    def test_tied_embeddings_and_biases(self):
        self.world.close()
        self.world = World("qwen")
        self.check("ppo", PPO, 0.1)

    def test_the_first_token_is_no_action(self):
        batch = rollout_batch(STEPS)
        batch["is_action"][batch["offsets"][:-1]] = 1
        folder = self.world.request(
            "run", "grpo", GRPO, batch, klCoefficient=0.04, reference={"adapter": "../reference"})
        self.agree(folder, *plain.reinforce(self.world, "grpo", GRPO, 0.04, STEPS))

    def test_context_cuts_a_rollout(self):
        """A rollout that loses an action counts as truncated; one may be longer than the context by its last action."""
        options = GRPO | {"truncation": "exclude", "kl": kl(GRPO, coefficient=0),
                          "passes": {"epochs": 1, "minibatches": 5}}
        folder = self.world.request("run", "grpo", options, rollout_batch([[0], [2], [3], [4], [7]]), context=9)
        status, errors = run_here(folder)
        self.assertEqual(status, 0, errors)
        metrics = outputs(folder)[1]["metrics"]
        self.assertEqual(metrics["truncated_share"], 3 / 8)
        self.assertEqual(metrics["length_mean"], (9 + 10 + 7 + 10 + 8 + 10 + 10 + 6) / 8)


class SupervisedTests(TrainingCase):
    def rows(self):
        generator = np.random.default_rng(3)
        rows = []
        for length in (12, 7, 9, 12, 5):
            tokens = generator.integers(3, VOCABULARY, length)
            weights = generator.choice([0, 0.5, 1, 2], length).astype(np.float32)
            targets = np.where(generator.random(length) < 0.2, generator.integers(3, VOCABULARY, length), tokens)
            weights[-1] = 1
            rows.append((tokens, weights, targets))
        return rows

    def batch(self, rows, steps):
        return with_steps({
            "tokens": flat([row[0] for row in rows], np.int32), "offsets": offsets([row[0] for row in rows]),
            "weights": flat([row[1] for row in rows], np.float32),
            "targets": flat([row[2] for row in rows], np.int32)}, steps)

    def test_warmup_and_decay(self):
        rows, steps = self.rows(), [[0, 1], [4, 2, 3], [1, 4], [0, 3]]
        optimizer = {"adamW": ADAM, "maximumGradientNorm": 0.5,
                     "schedule": {"warmupSteps": 2, "totalSteps": 999, "decay": "linear", "finalFraction": 0.1}}
        rates = [ADAM["learningRate"] * fraction for fraction in (0.5, 1, 1, 0.55)]
        folder = self.world.request("run", "supervised", None, self.batch(rows, steps), optimizer=optimizer)
        report = self.agree(folder, *plain.fine_tune(self.world, rows, steps, rates))
        self.assertEqual([round(step["learning_rate"], 6) for step in report["everyStep"]], [0.005, 0.01, 0.01, 0.0055])

    def test_penalty_for_leaving_the_reference(self):
        rows, steps = self.rows(), [[0, 1, 2], [3, 4]]
        folder = self.world.request(
            "run", "supervised", None, self.batch(rows, steps), klCoefficient=0.3, reference={"adapter": "../reference"})
        self.agree(folder, *plain.fine_tune(self.world, rows, steps, [ADAM["learningRate"]] * 2, 0.3))

    def test_loss_before_and_after(self):
        rows = self.rows()
        batch = self.batch(rows, [[0, 1], [2, 3]]) | {"is_measured": np.array([1, 1, 0, 0, 1], np.uint8)}
        folder = self.world.request("run", "supervised", None, batch)
        self.assertEqual(run_here(folder)[0], 0)
        metrics = outputs(folder)[1]["metrics"]
        policy, errors = plain.PlainPolicy(self.world, "start"), []
        with torch.no_grad():
            for row in (0, 1, 4):
                tokens, weights, targets = rows[row]
                scores = torch.log_softmax(policy.states(tokens)[0], -1)
                errors += [-float(scores[i - 1, targets[i]]) for i in range(1, len(tokens)) if weights[i] >= 1]
        self.assertAlmostEqual(metrics["loss_before"], np.mean(errors), places=5)
        self.assertNotAlmostEqual(metrics["loss_after"], metrics["loss_before"], places=3)

    def test_step_without_weights_only_decays(self):
        rows = [(tokens, 0 * weights, targets) for tokens, weights, targets in self.rows()]
        folder = self.world.request("run", "supervised", None, self.batch(rows, [[0, 1]]))
        self.assertEqual(run_here(folder)[0], 0)
        tensors, report = outputs(folder)
        self.assertEqual(report["everyStep"][0]["loss"], 0)
        name = "adapter_model.safetensors:base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
        start = plain.PlainPolicy(self.world, "start").trained(False)[name.split("base_model.model.")[1]]
        np.testing.assert_allclose(tensors[name], 0.999 * start.detach().numpy(), atol=1e-7)


class PreferenceTests(TrainingCase):
    def test_bradley_terry(self):
        generator = np.random.default_rng(8)
        pairs = [[generator.integers(3, VOCABULARY, length) for length in lengths]
                 for lengths in ((5, 9), (12, 4), (7, 7), (3, 11))]
        margins, steps = np.array([0, 0.5, -0.25, 1], np.float32), [[0, 1, 2], [3, 1], [0, 2]]
        arrays = {"margins": margins}
        for index, name in enumerate(("chosen", "rejected")):
            answers = [pair[index] for pair in pairs]
            arrays |= {f"{name}.tokens": flat(answers, np.int32), f"{name}.offsets": offsets(answers)}
        folder = self.world.request(
            "run", "preference", {"centring": 0.05}, with_steps(arrays, steps), heads="../heads.safetensors",
            optimizer={"adamW": ADAM, "schedule": CONSTANT, "maximumGradientNorm": 0.5})
        self.agree(folder, *plain.prefer(self.world, pairs, margins, steps, 0.05, ADAM["learningRate"]))
        self.assertNotIn("heads.safetensors:value.weight", outputs(folder)[0])


if __name__ == "__main__":
    unittest.main()
