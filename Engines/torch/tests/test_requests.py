"""Bad input, scoring and the files that a run leaves."""

import json
import unittest

import numpy as np
import torch
from peft import PeftModel
from safetensors.numpy import load_file, save_file

import plain
from support import (ALPHA, CONSTANT, ADAM, GRPO, PPO, RANK, TARGETS, World, flat, offsets, outputs, rollout_batch, rollouts,
                     run_apart, run_here, with_steps)

STEPS = [[0, 3, 5], [1, 2, 7], [4, 6]]


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.close)

    def ppo(self, options=None, batch=None, **changes):
        settings = {"klCoefficient": 0.1, "reference": {"adapter": "../reference"}} | changes
        return self.world.request(self.id(), "ppo", options or PPO, batch or rollout_batch(STEPS), **settings)

    def refuse(self, folder, *words):
        status, text = run_here(folder)
        self.assertEqual(status, 2, text)
        self.assertTrue(text.startswith("error: ") and text.endswith(".\n"), text)
        self.assertEqual(text.count("\n"), 1, text)
        for word in words:
            self.assertIn(word, text)
        self.assertFalse((folder / "output" / "metrics.json").exists())
        self.assertEqual((folder / "error.txt").read_text(), text.removeprefix("error: "))


class RequestTests(Case):
    def test_no_such_folder(self):
        status, text = run_here(self.world.folder / "nothing")
        self.assertEqual(status, 2)
        self.assertIn("cannot be read", text)

    def test_not_json(self):
        folder = self.ppo()
        (folder / "request.json").write_text("{")
        self.refuse(folder, "is not JSON")

    def test_version(self):
        self.refuse(self.ppo(version=2), "'version' is 2", "reads version 1")

    def test_unknown_key(self):
        self.refuse(self.ppo(learningRate=1), "unknown key 'learningRate'", "klCoefficient")

    def test_missing_key(self):
        self.refuse(self.ppo(model=None), "'model' is missing")

    def test_wrong_kind(self):
        self.refuse(self.ppo(temperature="warm"), "'temperature' is the text 'warm'")

    def test_out_of_range(self):
        self.refuse(self.ppo(PPO | {"clip": 1.5}), "request.json: options: 'clip' is 1.5", "below 1")

    def test_unknown_choice(self):
        self.refuse(self.ppo(PPO | {"truncation": "ignore"}), "'truncation' is 'ignore'", "bootstrap")

    def test_no_reference(self):
        self.refuse(self.ppo(reference=None), "there is no 'reference'")

    def test_no_model(self):
        self.refuse(self.ppo(model="../absent"), "'model' names", "not a folder")

    def test_pickled_model(self):
        folder = self.world.folder / "pickled"
        folder.mkdir()
        (folder / "config.json").write_text((self.world.folder / "model" / "config.json").read_text())
        torch.save(self.world.model.state_dict(), folder / "pytorch_model.bin")
        self.refuse(self.ppo(model="../pickled"), "cannot be loaded", "safetensors")

    def test_model_without_a_weight(self):
        folder = self.world.folder / "partial"
        folder.mkdir()
        (folder / "config.json").write_text((self.world.folder / "model" / "config.json").read_text())
        arrays = load_file(self.world.folder / "model" / "model.safetensors")
        arrays.pop("model.norm.weight")
        save_file(arrays, folder / "model.safetensors", {"format": "pt"})
        self.refuse(self.ppo(model="../partial"), "lacks the weight 'model.norm.weight'")

    def test_no_gpu(self):
        if torch.cuda.is_available():
            self.skipTest("there is a GPU")
        self.refuse(self.ppo(device="cuda"), "torch finds no GPU")


class AdapterTests(Case):
    def adapter(self, **changes):
        return {"rank": RANK, "alpha": ALPHA, "targets": TARGETS, "start": "../start"} | changes

    def test_other_rank(self):
        self.refuse(self.ppo(adapter=self.adapter(rank=8)), "has rank 4", "train it with these")

    def test_unknown_module(self):
        self.refuse(self.ppo(adapter=self.adapter(targets=["z_proj"], start=None)), "no module 'z_proj'")

    def test_not_plain(self):
        folder = self.world.folder / "dora"
        folder.mkdir()
        settings = json.loads((self.world.folder / "start" / "adapter_config.json").read_text())
        (folder / "adapter_config.json").write_text(json.dumps(settings | {"use_dora": True}))
        (folder / "adapter_model.safetensors").write_bytes(b"")
        self.refuse(self.ppo(adapter=self.adapter(start="../dora")), "use_dora", "only plain LoRA")

    def test_damaged(self):
        folder = self.world.folder / "damaged"
        folder.mkdir()
        (folder / "adapter_config.json").write_text((self.world.folder / "start" / "adapter_config.json").read_text())
        (folder / "adapter_model.safetensors").write_bytes(b"not a tensor")
        self.refuse(self.ppo(reference={"adapter": "../damaged"}), "cannot be read as safetensors")

    def test_fewer_modules(self):
        self.world.write_adapter("fewer", 1, ["q_proj"])
        file = self.world.folder / "fewer" / "adapter_model.safetensors"
        arrays = {name: array for name, array in load_file(file).items() if "layers.0" in name}
        save_file(arrays, file)
        self.refuse(self.ppo(adapter=self.adapter(start="../fewer", targets=["q_proj"])), "does not fit the model", "layers.1")

    def test_heads_of_another_model(self):
        save_file({"value.weight": np.zeros(5, np.float32), "value.bias": np.zeros(1, np.float32)},
                  self.world.folder / "small.safetensors")
        self.refuse(self.ppo(heads="../small.safetensors"), "'value' has 5 weights", "width is 32")

    def test_moments_of_another_adapter(self):
        save_file({"adamw.first.x": np.zeros(5, np.float32)}, self.world.folder / "moments.safetensors",
                  {"optimizer.step": "3"})
        self.refuse(self.ppo(optimizerState="../moments.safetensors"), "does not match the parameters in training")


class BatchTests(Case):
    def change(self, **arrays):
        batch = rollout_batch(STEPS) | arrays
        return self.ppo(batch={name: array for name, array in batch.items() if array is not None})

    def test_not_safetensors(self):
        folder = self.ppo()
        (folder / "batch.safetensors").write_bytes(b"\x80\x04 a pickle")
        self.refuse(folder, "cannot be read as safetensors")

    def test_missing_array(self):
        self.refuse(self.change(rewards=None), "'rewards' is missing")

    def test_unknown_array(self):
        self.refuse(self.change(weights=np.zeros(75, np.float32)), "'weights' does not belong to the method ppo")

    def test_wrong_type(self):
        self.refuse(self.change(rewards=np.zeros(8)), "'rewards' has type float64", "float32")

    def test_wrong_length(self):
        self.refuse(self.change(rewards=np.zeros(7, np.float32)), "'rewards' has 7 entries", "8")

    def test_not_finite(self):
        rewards = np.array([0, 1, np.nan, 0, 0, 0, 0, 0], np.float32)
        self.refuse(self.change(rewards=rewards), "'rewards' has a number that is not finite at place 2")

    def test_bad_offsets(self):
        self.refuse(self.change(offsets=np.array([0, 9, 5, 75], np.int32)), "'offsets' does not divide 75 tokens")

    def test_unknown_token(self):
        tokens = rollout_batch(STEPS)["tokens"]
        tokens[3] = 64
        self.refuse(self.change(tokens=tokens), "'tokens' has token 64", "0 to 63")

    def test_unknown_row(self):
        self.refuse(self.ppo(batch=rollout_batch([[0, 8]])), "'steps' names row 8", "0 to 7")

    def test_empty_step(self):
        self.refuse(self.ppo(batch=rollout_batch([[0, 1], []])), "'step_offsets' does not divide")

    def test_row_that_is_not_learnt_from(self):
        self.refuse(self.ppo(PPO | {"truncation": "exclude"}), "has row 5 in step 0, from which nothing is learnt")

    def test_wrong_number_of_steps(self):
        self.refuse(self.ppo(batch=rollout_batch([[0, 1, 2, 3], [4, 5, 6, 7]])), "has 2 steps", "have 3")

    def test_row_twice_in_an_epoch(self):
        self.refuse(self.ppo(batch=rollout_batch([[0, 1, 2], [3, 4, 5], [6, 6]])), "has row 6 2 times")

    def test_short_row(self):
        batch = with_steps({"tokens": np.array([5], np.int32), "offsets": np.array([0, 1], np.int32),
                            "weights": np.ones(1, np.float32)}, [[0]])
        self.refuse(self.world.request(self.id(), "supervised", None, batch), "row 0", "fewer than 2 tokens")

    def test_pairs_of_unequal_number(self):
        batch = with_steps({
            "chosen.tokens": np.array([5, 6], np.int32), "chosen.offsets": np.array([0, 1, 2], np.int32),
            "rejected.tokens": np.array([5], np.int32), "rejected.offsets": np.array([0, 1], np.int32)}, [[0]])
        folder = self.world.request(self.id(), "preference", {"centring": 0}, batch)
        self.refuse(folder, "'rejected.offsets' has 1 rows and chosen.offsets 2")


class LossTests(Case):
    def test_a_loss_that_is_not_finite_stops_with_the_step(self):
        optimizer = {"adamW": ADAM | {"learningRate": 1e30}, "schedule": CONSTANT}
        self.refuse(self.ppo(optimizer=optimizer), "not finite at step 2", "lower the learning rate")

    def test_one_error_from_two_processes(self):
        folder = self.ppo(temperature=-1)
        status, text = run_apart(folder, 2)
        self.assertNotEqual(status, 0)
        self.assertEqual(text.count("error: request.json: 'temperature' is -1"), 1)
        status, text = run_apart(folder)
        self.assertEqual((status, text.count("\n")), (2, 1), text)


class ScoreTests(Case):
    def test_drawn_tokens(self):
        with torch.no_grad():
            policy = plain.PlainPolicy(self.world, "start")
            expected = [policy.read(tokens, actions, 0.7)[:2] for tokens, actions in rollouts()]
        batch = rollout_batch(None, [one[0].numpy() + 0.01 for one in expected])
        batch = {name: batch[name] for name in ("tokens", "offsets", "is_action", "log_probabilities")}
        folder = self.world.request(
            self.id(), "score", None, batch, temperature=0.7, adapter={"start": "../start"}, optimizer=None, saveEvery=None)
        self.assertEqual(run_here(folder), (0, ""))
        tensors, report = outputs(folder)
        scored = tensors["scores.safetensors:is_scored"] == 1
        np.testing.assert_array_equal(scored, batch["is_action"] == 1)
        for index, name in enumerate(("log_probabilities", "entropies")):
            found = tensors[f"scores.safetensors:{name}"][scored]
            np.testing.assert_allclose(found, torch.cat([one[index] for one in expected]), atol=1e-5)
        self.assertAlmostEqual(report["metrics"]["log_probability_difference_max"], 0.01, places=4)

    def test_the_model_alone(self):
        batch = {name: rollout_batch(None)[name] for name in ("tokens", "offsets", "is_action")}
        folder = self.world.request(self.id(), "score", None, batch, adapter=None, optimizer=None, saveEvery=None)
        self.assertEqual(run_here(folder), (0, ""))
        tokens, actions = rollouts()[0]
        with torch.no_grad():
            expected = plain.PlainPolicy(self.world, None).read(tokens, actions)[0]
        found = outputs(folder)[0]["scores.safetensors:log_probabilities"][:len(tokens)][actions]
        np.testing.assert_allclose(found, expected, atol=1e-5)

    def test_preference_scores(self):
        rows = [tokens for tokens, _ in rollouts()]
        folder = self.world.request(
            self.id(), "score", {"read": "preference"}, {"tokens": flat(rows, np.int32), "offsets": offsets(rows)},
            adapter={"start": "../start"}, heads="../heads.safetensors", optimizer=None, saveEvery=None)
        self.assertEqual(run_here(folder), (0, ""))
        policy = plain.PlainPolicy(self.world, "start", self.world.head)
        with torch.no_grad():
            expected = [float(policy.states(row)[1][-1] @ policy.weight + policy.bias) for row in rows]
        np.testing.assert_allclose(outputs(folder)[0]["scores.safetensors:scores"], expected, atol=1e-5)


class FileTests(Case):
    def test_peft_reads_the_adapter(self):
        folder = self.ppo(heads="../heads.safetensors")
        self.assertEqual(run_here(folder), (0, ""))
        tensors, report = outputs(folder)
        model = PeftModel.from_pretrained(plain.copy.deepcopy(self.world.model), folder / "output" / "adapter")
        named = dict(model.named_parameters())
        for name, array in tensors.items():
            if name.startswith("adapter_model"):
                key = name.split(":")[1].replace(".weight", ".default.weight")
                np.testing.assert_array_equal(array, named[key].detach().numpy())
        self.assertIn("heads.safetensors:preference.weight", tensors)
        self.assertEqual(report["steps"], 3)
        self.assertEqual(sorted(file.name for file in (folder / "output").iterdir()),
                         ["adapter", "heads.safetensors", "metrics.json", "optimizer.safetensors"])
        self.assertIn("optimizer.safetensors:adamw.first.head.bias", tensors)
        self.assertIn("optimizer.safetensors:adamw.second.model.layers.0.mlp.up_proj.lora_A.weight", tensors)

    def test_every_metric_is_there(self):
        ppo = self.ppo()
        self.assertEqual(run_here(ppo), (0, ""))
        self.assertEqual(set(outputs(ppo)[1]["metrics"]), set("""
            reward_mean reward_std rollouts truncated_share action_tokens_mean length_mean entropy kl kl_answer kl_thought
            kl_rollout kl_coefficient used_share tokens advantage_mean advantage_std value_mean return_mean
            explained_variance loss policy_loss value_loss kl_loss entropy_bonus approx_kl clip_share ratio_mean
            gradient_norm learning_rate tokens_per_second""".split()))

    def test_a_new_adapter_changes_nothing_and_depends_on_the_seed(self):
        adapter = {"rank": RANK, "alpha": ALPHA, "targets": ["q_proj", "v_proj"]}
        options = GRPO | {"truncation": "exclude", "kl": GRPO["kl"] | {"coefficient": 0}}
        found = []
        for seed in (1, 1, 2):
            batch = rollout_batch([])
            batch["is_truncated"][:] = 1
            folder = self.world.request(
                f"{self.id()}-{len(found)}", "grpo", options, batch, adapter=adapter, seed=seed, reference={})
            self.assertEqual(run_here(folder), (0, ""))
            found.append(outputs(folder))
        a = "adapter_model.safetensors:base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
        np.testing.assert_array_equal(found[0][0][a], found[1][0][a])
        self.assertTrue((found[0][0][a] != found[2][0][a]).any())
        self.assertLessEqual(np.abs(found[0][0][a]).max(), 32**-0.5)
        self.assertEqual((found[0][1]["metrics"]["kl"], found[0][1]["steps"]), (0, 0))
        self.assertTrue((found[0][0][a.replace("lora_A", "lora_B")] == 0).all())

    def test_bfloat16(self):
        folder = self.ppo(dtype="bfloat16")
        self.assertEqual(run_here(folder), (0, ""))
        tensors, _ = outputs(folder)
        self.assertEqual({array.dtype for array in tensors.values()}, {np.dtype(np.float32)})


if __name__ == "__main__":
    unittest.main()
