"""Losses, advantages and the optimiser against NumPy and against numbers worked by hand."""

import unittest
from types import SimpleNamespace

import numpy as np
import torch

import support  # noqa: F401  (the path to the package)
from subterfuge_torch import advantages, losses
from subterfuge_torch.errors import RequestError
from subterfuge_torch.experience import ExperienceSet
from subterfuge_torch.fields import Fields
from subterfuge_torch.optimizer import AdamW, schedule_fraction
from subterfuge_torch.options import GRPO, PPO, KLPenalty, OptimizerOptions
from subterfuge_torch.texts import cut, plan


def tensor(*numbers):
    return torch.tensor(numbers, dtype=torch.float32, requires_grad=True)


class LossTests(unittest.TestCase):
    def test_clipped_surrogate(self):
        ratios, gained = np.array([0.5, 0.9, 1.5, 1.5, 0.5, 1]), np.array([1, 1, 1, -1, -1, 2])
        loss, is_clipped = losses.clipped_surrogate(tensor(*ratios), torch.tensor(gained).float(), 0.2, 0.3)
        expected = np.maximum(-gained * ratios, -gained * np.clip(ratios, 0.8, 1.3))
        np.testing.assert_allclose(loss.detach(), expected, rtol=1e-6)
        np.testing.assert_allclose(loss.detach(), [-0.5, -0.9, -1.3, 1.5, 0.8, -2], rtol=1e-6)
        self.assertEqual(is_clipped.tolist(), [0, 0, 1, 0, 1, 0])

    def test_the_clip_removes_the_gradient(self):
        ratio = tensor(0.5, 1.0, 1.5)
        losses.clipped_surrogate(ratio, torch.ones(3), 0.2, 0.3)[0].sum().backward()
        self.assertEqual(ratio.grad.tolist(), [-1, -1, 0])

    def test_value_loss(self):
        values, old, returns = np.array([1.0, 2, 0]), np.array([0.5, 0.5, 0.1]), np.array([1.0, 0, 1])
        free = losses.value_loss(*(torch.tensor(x).float() for x in (values, old, returns)))
        np.testing.assert_allclose(free, [0, 2, 0.5])
        near = losses.value_loss(*(torch.tensor(x).float() for x in (values, old, returns)), 0.2)
        bound = old + np.clip(values - old, -0.2, 0.2) - returns
        np.testing.assert_allclose(near, 0.5 * np.maximum((values - returns) ** 2, bound**2), rtol=1e-6)

    def test_divergences(self):
        policy, reference = torch.tensor([-1.0, -2.0, -50.0]), torch.tensor([-1.5, -1.0, -1.0])
        d = np.clip(policy.numpy() - reference.numpy(), -20, 20)
        np.testing.assert_allclose(losses.k2(policy, reference), d**2 / 2)
        np.testing.assert_allclose(losses.k3(policy, reference), np.exp(-d) - 1 + d, rtol=1e-6)

    def test_bradley_terry(self):
        chosen, rejected, margins = np.array([2.0, 0, -90]), np.array([1.0, 0, 90]), np.array([0.5, 0, 0])
        found = losses.bradley_terry(*(torch.tensor(x).float() for x in (chosen, rejected, margins)), 0.01)
        lead = chosen - rejected - margins
        expected = np.log1p(np.exp(-np.abs(lead))) + np.maximum(-lead, 0) + 0.01 * (chosen + rejected) ** 2
        np.testing.assert_allclose(found, expected, rtol=1e-6)
        self.assertAlmostEqual(found[1].item(), 0.693147, places=5)


class ImportanceTests(unittest.TestCase):
    def weighed(self, recorded, cap):
        """Two rollouts of one action each, rewards 1 and 0, advantages 0.5 and -0.5, with log-probability -1 here."""
        rollouts = [
            SimpleNamespace(
                recorded=np.array([value], np.float32), actions=[1], tokens=[0, 1], reward=np.float32(1 - index),
                group=0, is_truncated=False, is_thought=np.array([False]))
            for index, value in enumerate(recorded)]
        scores = [
            SimpleNamespace(log_probabilities=np.array([-1], np.float32), entropies=np.zeros(1, np.float32))
            for _ in rollouts]
        options = SimpleNamespace(
            has_values=False, baseline="group_mean", scales_by_deviation=False, truncation="terminate",
            zero_variance="keep", kl=SimpleNamespace(placement="loss", includes=lambda thought: ~thought))
        return ExperienceSet.make(rollouts, scores, None, options, 0.0, cap)

    def test_actions_weigh_by_the_ratio_up_to_the_cap(self):
        found = self.weighed([-1 - np.log(4), -1 + np.log(2)], 3)
        np.testing.assert_allclose([one.advantages[0] for one in found.experiences.values()], [1.5, -0.25], rtol=1e-6)
        self.assertEqual([one.old[0] for one in found.experiences.values()], [-1, -1])
        self.assertAlmostEqual(found.metrics["importance_weight_mean"], 1.75, places=6)
        self.assertAlmostEqual(found.metrics["importance_effective_share"], 3.5**2 / (2 * 9.25), places=6)
        self.assertEqual(found.metrics["importance_capped_share"], 0.5)

    def test_without_a_cap_the_recorded_ones_count(self):
        found = self.weighed([-3, -2], None)
        self.assertEqual([one.old[0] for one in found.experiences.values()], [-3, -2])
        self.assertNotIn("importance_weight_mean", found.metrics)

    def test_degenerate_weights_are_refused(self):
        with self.assertRaisesRegex(RequestError, "leave 6% of the 16 sampled tokens"):
            self.weighed([-14] + [-1] * 15, 1e6)


class AdvantageTests(unittest.TestCase):
    def test_generalized(self):
        """d = (0.5 - 0.25, -1 + 0.5, 2 - 0.5 + 0.5) with gamma 0.5 and V = (0.25, 0, 1, and after it 1)."""
        rewards, values = np.array([0.5, -1, 2.5], np.float32), np.array([0.25, 0, 1], np.float32)
        found = advantages.generalized(rewards, values, 1, 0.5, 0.5)
        d = [0.5 + 0 - 0.25, -1 + 0.5 - 0, 2.5 + 0.5 - 1]
        np.testing.assert_allclose(found, [d[0] + 0.25 * (d[1] + 0.25 * d[2]), d[1] + 0.25 * d[2], d[2]])
        np.testing.assert_allclose(found, [0.25, 0, 2])

    def test_value_shift(self):
        """The rewards to come are 1, 1 and 2; the values 0.5, 0 and 0: the mean error is 3.5 / 3."""
        rewards = [np.array([0, 1], np.float32), np.array([2], np.float32)]
        values = [np.array([0.5, 0], np.float32), np.array([0], np.float32)]
        self.assertAlmostEqual(float(advantages.value_shift(rewards, values, 1)), 3.5 / 3, places=6)
        self.assertEqual(advantages.value_shift([], [], 1), 0)

    def test_relative(self):
        rewards, groups = [1, 0, 0.5, 3, 7, 7], [5, 5, 5, 9, 2, 2]
        np.testing.assert_allclose(advantages.relative(rewards, groups, "group_mean", False), [0.5, -0.5, 0, 0, 0, 0])
        np.testing.assert_allclose(
            advantages.relative(rewards, groups, "leave_one_out", False), [0.75, -0.75, 0, 0, 0, 0])
        np.testing.assert_allclose(
            advantages.relative(rewards, groups, "group_mean", True), np.array([0.5, -0.5, 0, 0, 0, 0]) / 0.500001,
            rtol=1e-6)
        self.assertEqual(advantages.flat_groups(rewards, groups), {9, 2})

    def test_whitened(self):
        found = advantages.whitened(np.array([1, 2, 3], np.float32))
        np.testing.assert_allclose(found, [-1, 0, 1], atol=1e-6)
        self.assertEqual(advantages.whitened(np.array([4], np.float32)).tolist(), [0])

    def test_explained_variance(self):
        returns = np.array([0, 1, 2], np.float32)
        self.assertAlmostEqual(advantages.explained_variance(returns, returns), 1)
        self.assertAlmostEqual(advantages.explained_variance(returns / 2, returns), 0.75)
        self.assertEqual(advantages.explained_variance(returns, np.ones(3, np.float32)), 0)

    def test_adaptive_coefficient(self):
        kl = KLPenalty(0.1, "reward", "k2", "all", target=2, horizon=100)
        self.assertAlmostEqual(kl.following(0.1, 2.2, 10), 0.1 * (1 + 0.1 * 10 / 100))
        self.assertAlmostEqual(kl.following(0.1, 9, 10), 0.1 * 1.02)
        self.assertAlmostEqual(kl.following(0.1, -9, 10), 0.1 * 0.98)


class OptimizerTests(unittest.TestCase):
    def options(self, **changes):
        schedule = {"warmupSteps": 0, "totalSteps": 0, "decay": "constant", "finalFraction": 0} | changes.pop("schedule", {})
        adam = {"learningRate": 0.01, "beta1": 0.9, "beta2": 0.95, "epsilon": 1e-8, "weightDecay": 0.1} | changes
        return OptimizerOptions.read(Fields(
            {"adamW": adam, "schedule": schedule, "maximumGradientNorm": 1.5}, "optimizer"))

    def test_as_torch_does_it(self):
        torch.manual_seed(1)
        matrix, vector = torch.randn(3, 4), torch.randn(4)
        mine = {"matrix": matrix.clone(), "vector": vector.clone()}
        theirs = [torch.nn.Parameter(matrix.clone()), torch.nn.Parameter(vector.clone())]
        adam = torch.optim.AdamW(
            [{"params": theirs[:1], "weight_decay": 0.1}, {"params": theirs[1:], "weight_decay": 0}], lr=0.01,
            betas=(0.9, 0.95), eps=1e-8)
        ours = AdamW(self.options())
        for step in range(5):
            gradients = [torch.randn(3, 4) * step, torch.randn(4)]
            for parameter, gradient in zip(theirs, gradients):
                parameter.grad = gradient.clone()
            expected = torch.nn.utils.clip_grad_norm_(theirs, 1.5)
            adam.step()
            norm, rate = ours.update(mine, dict(zip(mine, gradients)))
            self.assertAlmostEqual(norm, expected.item(), places=5)
            self.assertAlmostEqual(rate, 0.01)
        for found, expected in zip(mine.values(), theirs):
            torch.testing.assert_close(found, expected.detach(), rtol=1e-5, atol=1e-6)

    def test_first_step_by_hand(self):
        """The gradient (3, 4) is scaled to length 1.5; Adam's first step is the rate, and no vector decays."""
        parameters = {"vector": torch.tensor([1.0, 1.0])}
        norm, _ = AdamW(self.options()).update(parameters, {"vector": torch.tensor([3.0, -4.0])})
        self.assertEqual(norm, 5)
        torch.testing.assert_close(parameters["vector"], torch.tensor([0.99, 1.01]))

    def test_schedules(self):
        def fractions(decay, total, steps):
            options = self.options(schedule={"warmupSteps": 2, "decay": decay, "finalFraction": 0.2})
            return [round(float(schedule_fraction(options, step, total)), 6) for step in steps]

        self.assertEqual(fractions("constant", 0, range(4)), [0.5, 1, 1, 1])
        self.assertEqual(fractions("linear", 6, range(8)), [0.5, 1, 1, 0.8, 0.6, 0.4, 0.2, 0.2])
        self.assertEqual(fractions("cosine", 6, (2, 4, 6, 9)), [1, 0.6, 0.2, 0.2])


class PartsTests(unittest.TestCase):
    def test_cut(self):
        self.assertEqual(cut([2, 0, 1], {0: 3, 1: 9, 2: 2}, 6), [[2, 0], [1]])

    def test_processes_share_the_rows(self):
        lengths = [5, 1, 4, 2, 3]
        shares = [plan(range(5), lengths, 6, SimpleNamespace(rank=rank, world=2, is_sharded=False)) for rank in (0, 1)]
        self.assertEqual([[part.rows for part in parts] for parts in shares], [[[1, 4], [0]], [[3], [2]]])
        self.assertEqual(plan([1], lengths, 6, SimpleNamespace(rank=1, world=2, is_sharded=False)), [])
        sharded = plan([1, 0, 2], lengths, 4, SimpleNamespace(rank=1, world=2, is_sharded=True))
        self.assertEqual([(part.rows, part.counts) for part in sharded], [([2], True), ([1], False)])


class OptionTests(unittest.TestCase):
    def test_forms_with_a_payload(self):
        grpo = GRPO.read(Fields(support.GRPO | {"normalization": {"length": 7}, "kl": {
            "coefficient": 1, "placement": "loss", "control": {"target": 6, "horizon": 100}}}, "options"))
        self.assertEqual((grpo.normalization, grpo.constant_length), ("constant", 7))
        self.assertEqual((grpo.kl.target, grpo.kl.horizon, grpo.kl.estimator, grpo.kl.spans), (6, 100, "k3", "all"))
        self.assertIsNone(PPO.read(Fields(support.PPO, "options")).value_clip)
        self.assertEqual(PPO.read(Fields(support.PPO | {"valueClip": 0.3}, "options")).value_clip, 0.3)


if __name__ == "__main__":
    unittest.main()
