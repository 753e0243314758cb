"""One process against two, sharded against whole, and runs that were killed against runs that were not."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import unittest

import numpy as np

from support import ADAM, GRPO, PPO, ROOT, TARGETS, RANK, ALPHA, World, flat, offsets, outputs, rollout_batch, run_apart, run_here, with_steps

STEPS = [[0, 3, 5], [1, 2, 7], [4, 6], [7, 6, 5, 4], [3, 2], [1, 0]]
PASSES = {"passes": {"epochs": 2, "minibatches": 3}}
REFERENCE = {"adapter": "../reference"}


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)

    def ppo(self, name, **changes):
        options = PPO | PASSES | {"entropyCoefficient": 0.01, "valueClip": 0.1}
        settings = {"klCoefficient": 0.1, "reference": REFERENCE, "heads": "../heads.safetensors"} | changes
        return self.world.request(name, "ppo", options, rollout_batch(STEPS), **settings)

    def grpo(self, name, **changes):
        settings = {"klCoefficient": 0.04, "reference": REFERENCE} | changes
        return self.world.request(name, "grpo", GRPO | PASSES, rollout_batch(STEPS), **settings)

    def supervised(self, name, **changes):
        batch = rollout_batch(STEPS)
        weights = batch["is_action"].astype(np.float32) * np.linspace(0.5, 2, len(batch["tokens"]), dtype=np.float32)
        arrays = {key: batch[key] for key in ("tokens", "offsets", "steps", "step_offsets")}
        arrays |= {"weights": weights, "is_measured": np.ones(8, np.uint8)}
        return self.world.request(name, "supervised", None, arrays, **changes)

    def preference(self, name, **changes):
        rows = [np.arange(3, 3 + length) for length in (5, 9, 12, 4)]
        arrays = {f"{kind}.tokens": flat(rows[::order], np.int32) for kind, order in (("chosen", 1), ("rejected", -1))}
        arrays |= {f"{kind}.offsets": offsets(rows[::order]) for kind, order in (("chosen", 1), ("rejected", -1))}
        return self.world.request(
            name, "preference", {"centring": 0.01}, with_steps(arrays, [[0, 1, 2], [3], [2, 3, 1]]),
            heads="../heads.safetensors", **changes)

    def close_to(self, left, right, tolerance=1e-5):
        (tensors, report), (others, other) = outputs(left), outputs(right)
        self.assertEqual(set(tensors), set(others))
        for name, array in tensors.items():
            self.assertLess(np.abs(array - others[name]).max(), tolerance, name)
        for metrics, expected in zip([report["metrics"], *report["everyStep"]], [other["metrics"], *other["everyStep"]]):
            self.assertEqual(set(metrics), set(expected))
            for name in set(metrics) - {"tokens_per_second", "pairs_per_second"}:
                self.assertAlmostEqual(metrics[name], expected[name], delta=tolerance, msg=name)

    def same_bytes(self, left, right):
        files = sorted(file.relative_to(left) for file in (left / "output").rglob("*") if file.is_file())
        self.assertEqual(files, sorted(f.relative_to(right) for f in (right / "output").rglob("*") if f.is_file()))
        for file in files:
            if file.name != "metrics.json":
                self.assertEqual((left / file).read_bytes(), (right / file).read_bytes(), file)
        left, right = (json.loads((folder / "output" / "metrics.json").read_text()) for folder in (left, right))
        for report in (left, right):
            for name in ("tokens_per_second", "pairs_per_second"):
                report["metrics"].pop(name, None)
        self.assertEqual(left, right)

    def succeed(self, folder, processes=1, **environment):
        status, text = run_apart(folder, processes, **environment)
        self.assertEqual(status, 0, text)
        return text


class ProcessesTests(Case):
    def check(self, make, name):
        one, two = make(f"{name}-1"), make(f"{name}-2")
        self.assertEqual(run_here(one), (0, ""))
        self.succeed(two, 2)
        self.close_to(one, two)

    def test_ppo(self):
        self.check(self.ppo, "ppo")

    def test_grpo(self):
        self.check(self.grpo, "grpo")

    def test_supervised(self):
        self.check(self.supervised, "supervised")

    def test_preference(self):
        self.check(self.preference, "preference")

    def test_sharding(self):
        whole, sharded, alone = self.ppo("whole"), self.ppo("sharded", sharding="full"), self.ppo("alone", sharding="full")
        self.assertEqual(run_here(whole), (0, ""))
        self.succeed(sharded, 2)
        self.succeed(alone)
        self.close_to(whole, sharded)
        self.close_to(whole, alone)

    def test_sharding_tied_embeddings(self):
        world, type(self).world = self.world, World("qwen")
        self.addCleanup(lambda: (self.world.close(), setattr(type(self), "world", world)))
        whole, sharded = self.ppo("whole-tied"), self.ppo("sharded-tied", sharding="full")
        self.assertEqual(run_here(whole), (0, ""))
        self.succeed(sharded, 2)
        self.close_to(whole, sharded)

    def test_sharding_with_checkpointing(self):
        whole, sharded = self.grpo("whole-c"), self.grpo("sharded-c", sharding="full", checkpointing=True)
        self.assertEqual(run_here(whole), (0, ""))
        self.succeed(sharded, 2)
        self.close_to(whole, sharded)


class AloneTests(Case):
    def test_two_controllers_started_the_same_request(self):
        folder, plain = self.grpo("twice"), self.grpo("once")
        with open(folder / "lock", "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # as processes do whose controller was killed
            process = subprocess.Popen(
                [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2",
                 str(ROOT / "train.py"), str(folder)],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "OMP_NUM_THREADS": "1"})
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(12)
            self.assertFalse((folder / "output").exists())
        self.assertEqual(process.wait(240), 0)
        self.succeed(plain, 2)
        self.same_bytes(folder, plain)


class PartsTests(Case):
    def check(self, **changes):
        left, right = self.ppo(f"{self.id()}-left"), self.ppo(f"{self.id()}-right", **changes)
        for folder in (left, right):
            self.assertEqual(run_here(folder), (0, ""))
        self.close_to(left, right)

    def test_size_of_parts_does_not_matter(self):
        self.check(tokensPerMicrobatch=1)

    def test_one_part(self):
        self.check(tokensPerMicrobatch=10_000)

    def test_checkpointing(self):
        self.check(checkpointing=True)

    def test_slices_of_positions(self):
        from subterfuge_torch import policy

        left, right = self.ppo("left-slices"), self.ppo("right-slices")
        self.assertEqual(run_here(left), (0, ""))
        before, policy.SLICE = policy.SLICE, 128
        try:
            self.assertEqual(run_here(right), (0, ""))
        finally:
            policy.SLICE = before
        self.close_to(left, right)


class ResumeTests(Case):
    """A run that is killed after a step and run again leaves the same bytes."""

    def kill_after(self, folder, step, processes=1):
        command = [sys.executable]
        if processes > 1:
            command += ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(processes)]
        process = subprocess.Popen(
            command + [str(ROOT / "train.py"), str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            start_new_session=True)
        for line in process.stdout:
            if line.startswith("{") and json.loads(line)["step"] == step:
                os.killpg(process.pid, signal.SIGKILL)
                break
        process.stdout.close()
        self.assertNotEqual(process.wait(), 0)
        self.assertTrue((folder / "output" / "state" / "training.safetensors").is_file())
        self.assertFalse((folder / "output" / "metrics.json").is_file())

    def check(self, make, name, processes=1, **changes):
        straight, broken = make(f"{name}-straight", **changes), make(f"{name}-broken", **changes)
        self.succeed(straight, processes)
        self.kill_after(broken, 2, processes)
        text = self.succeed(broken, processes)
        self.assertNotIn('"step": 1,', text)
        self.same_bytes(straight, broken)

    def test_ppo(self):
        self.check(self.ppo, "ppo", saveEvery=2)

    def test_ppo_with_two_processes(self):
        self.check(self.ppo, "ppo2", 2)

    def test_supervised_with_dropout(self):
        adapter = {"rank": RANK, "alpha": ALPHA, "targets": TARGETS, "dropout": 0.2, "start": "../start"}
        self.check(self.supervised, "supervised", adapter=adapter)

    def test_preference(self):
        self.check(self.preference, "preference")

    def test_another_layout_is_refused(self):
        folder = self.grpo("layout")
        self.kill_after(folder, 1)
        status, text = run_apart(folder, 2)
        self.assertNotEqual(status, 0)
        self.assertIn("was made with processes 1, and this run has 2", text)
        self.assertEqual(text.count("error: "), 1)

    def test_another_request_is_refused(self):
        folder = self.grpo("request")
        self.kill_after(folder, 1)
        self.grpo("request", klCoefficient=0.05)
        status, text = run_here(folder)
        self.assertEqual(status, 2)
        self.assertIn("belongs to another request", text)

    def test_a_finished_output_is_not_computed_again(self):
        folder = self.supervised("finished")
        self.assertEqual(run_here(folder), (0, ""))
        before = {file: file.stat().st_mtime_ns for file in (folder / "output").rglob("*")}
        self.assertEqual(run_here(folder), (0, ""))
        self.assertEqual(before, {file: file.stat().st_mtime_ns for file in (folder / "output").rglob("*")})
        self.supervised("finished", optimizer={
            "adamW": ADAM | {"learningRate": 0.5}, "maximumGradientNorm": 1,
            "schedule": {"warmupSteps": 0, "totalSteps": 0, "decay": "constant", "finalFraction": 0}})
        status, text = run_here(folder)
        self.assertEqual(status, 2)
        self.assertIn("holds the result of another request", text)

    def test_a_second_round_continues_the_optimiser(self):
        """Two rounds of three steps are one of six where nothing depends on the round."""
        def request(name, steps, **changes):
            batch = rollout_batch(steps, [np.full(int(a), -4.0) for a in self.actions()])
            options = GRPO | {"kl": GRPO["kl"] | {"coefficient": 0}, "passes": {
                "epochs": len(steps) // 3, "minibatches": 3}}
            optimizer = {"adamW": ADAM, "maximumGradientNorm": 0.5, "schedule": {
                "warmupSteps": 4, "totalSteps": 0, "decay": "constant", "finalFraction": 0}}
            return self.world.request(name, "grpo", options, batch, optimizer=optimizer, **changes)

        whole, first = request("whole-round", STEPS), request("first-round", STEPS[:3])
        second = request("second-round", STEPS[3:], optimizerState="../first-round/output/optimizer.safetensors", adapter={
            "rank": RANK, "alpha": ALPHA, "targets": TARGETS, "start": "../first-round/output/adapter"})
        for folder in (whole, first, second):
            self.assertEqual(run_here(folder), (0, ""))
        left, right = outputs(whole)[0], outputs(second)[0]
        for name, array in left.items():
            np.testing.assert_array_equal(array, right[name], name)

    def actions(self):
        batch = rollout_batch(None)
        edges = batch["offsets"]
        return [batch["is_action"][start:end].sum() for start, end in zip(edges, edges[1:])]


if __name__ == "__main__":
    unittest.main()
