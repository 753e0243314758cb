"""The same training written out plainly: one row and one action at a time, with peft and torch's own AdamW.

It shares no code with the program, so that both must be wrong in the same way to agree.
"""

import copy

import numpy as np
import torch
from peft import PeftModel

from support import ADAM, GROUPS, REWARDS, TRUNCATED, rollouts


class PlainPolicy(torch.nn.Module):
    """A model with an adapter of peft and a linear head on its last states."""

    def __init__(self, world, adapter, weight=None, bias=0.1):
        super().__init__()
        self.model = copy.deepcopy(world.model).requires_grad_(False)
        if adapter is not None:
            self.model = PeftModel.from_pretrained(self.model, world.folder / adapter, is_trainable=True)
        self.weight = torch.nn.Parameter(torch.zeros(32) if weight is None else weight.clone())
        self.bias = torch.nn.Parameter(torch.tensor([bias]))

    def states(self, tokens):
        tokens = torch.as_tensor(np.asarray(tokens), dtype=torch.long)[None]
        output = self.model(input_ids=tokens, output_hidden_states=True)
        return output.logits[0], output.hidden_states[-1][0]

    def read(self, tokens, actions, temperature=1.0):
        """Log-probability and entropy of each action, the value of the state before it, the value of the last state."""
        logits, states = self.states(tokens)
        values = states @ self.weight + self.bias
        places = [place for place in range(len(tokens)) if actions[place]]
        distributions = [torch.distributions.Categorical(logits=logits[place - 1] / temperature) for place in places]
        log_probabilities = [one.log_prob(torch.tensor(int(tokens[place]))) for one, place in zip(distributions, places)]
        return (torch.stack(log_probabilities), torch.stack([one.entropy() for one in distributions]),
                values[[place - 1 for place in places]], values[-1])

    def trained(self, has_head):
        """What is trained, by the names of the output's files."""
        named = {
            name.removeprefix("base_model.model.").replace(".default", ""): parameter
            for name, parameter in self.model.named_parameters() if parameter.requires_grad}
        return named | ({"head.weight": self.weight, "head.bias": self.bias} if has_head else {})


def optimizer(named, rate=None):
    groups = [
        {"params": [p for p in named.values() if p.ndim > 1], "weight_decay": ADAM["weightDecay"]},
        {"params": [p for p in named.values() if p.ndim == 1], "weight_decay": 0.0}]
    return torch.optim.AdamW(
        groups, lr=rate or ADAM["learningRate"], betas=(ADAM["beta1"], ADAM["beta2"]), eps=ADAM["epsilon"])


def step(named, adam, loss, rate=None):
    """Takes a step; returns the gradient's norm."""
    adam.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(list(named.values()), 0.5)
    for group in adam.param_groups:
        group["lr"] = rate or group["lr"]
    adam.step()
    return float(norm)


def gae(rewards, values, after, gamma, discount):
    """By the definition: a double sum."""
    n = len(rewards)
    following = torch.cat([values[1:], after.reshape(1)])
    delta = rewards + gamma * following - values
    return torch.stack([sum((gamma * discount) ** (k - t) * delta[k] for k in range(t, n)) for t in range(n)])


def relative(rewards, baseline, scaled):
    advantages = []
    for index, group in enumerate(GROUPS):
        own = torch.tensor([r for r, g in zip(rewards, GROUPS) if g == group])
        others = torch.tensor([rewards[j] for j, g in enumerate(GROUPS) if g == group and j != index])
        value = rewards[index] - float(own.mean() if baseline == "group_mean" else others.mean())
        value = 0.0 if bool((own == own[0]).all()) else value
        advantages.append(value / (float(own.std()) + 1e-6) if scaled else value)
    return advantages


def shift(items, options):
    """The mean error of the values over the actions of rollouts that ended."""
    errors = []
    for item in items:
        if item["is_cut"] and options["truncation"] != "terminate":
            continue
        rewards = [float(cost) for cost in item["costs"]]
        rewards[-1] += item["reward"]
        for t in range(len(rewards)):
            ahead = sum(options["gamma"] ** (k - t) * rewards[k] for k in range(t, len(rewards)))
            errors.append(ahead - float(item["values"][t]))
    return sum(errors) / len(errors)


@torch.no_grad()
def prepared(policy, reference, method, options, coefficient, recorded, thought, temperature):
    """What each rollout is worth before the first step, by row."""
    items = {}
    for row, (tokens, actions) in enumerate(rollouts()):
        own, _, values, after = policy.read(tokens, actions, temperature)
        fixed = reference.read(tokens, actions, temperature)[0]
        old = own if recorded is None else torch.tensor(recorded[row])
        spans = options["kl"]["spans"]
        is_thought = torch.tensor(thought[row])
        held = torch.ones(len(old)) if spans == "all" else (is_thought if spans == "thought" else 1 - is_thought)
        costs = -coefficient * (old - fixed) * held if options["kl"]["placement"] == "reward" else 0 * old
        items[row] = dict(tokens=tokens, actions=actions, old=old, reference=fixed, held=held, costs=costs, values=values,
                          after=after, is_cut=bool(TRUNCATED[row]), reward=REWARDS[row])
    if method == "ppo":
        moved = shift(items.values(), options)
        policy.bias += moved
        for item in items.values():
            is_open = options["truncation"] == "bootstrap" and item["is_cut"]
            item["values"], item["after"] = item["values"] + moved, item["after"] + moved
            rewards = item["costs"].clone()
            rewards[-1] += 0.0 if is_open else item["reward"]
            after = item["after"] if is_open else torch.tensor(0.0)
            item["advantages"] = gae(rewards, item["values"], after, options["gamma"], options["lambda"])
            item["returns"] = item["advantages"] + item["values"]
    else:
        rewards = [item["reward"] + float(item["costs"].sum()) for item in items.values()]
        for item, value in zip(items.values(), relative(rewards, options["baseline"], options["scalesByDeviation"])):
            item["advantages"] = torch.full_like(item["old"], value)
        if options["zeroVariance"] == "drop":
            items = {row: item for row, item in items.items() if GROUPS[row] != 1}
    if options["truncation"] == "exclude":
        items = {row: item for row, item in items.items() if not item["is_cut"]}
    if options.get("whitensAdvantages"):
        everything = torch.cat([item["advantages"] for item in items.values()])
        for item in items.values():
            item["advantages"] = (item["advantages"] - everything.mean()) / torch.sqrt(everything.var() + 1e-8)
    return items


def weight_of(method, options, length, rollouts_, actions):
    normalization = options.get("normalization", "token")
    if normalization == "token":
        return 1 / actions
    return 1 / (rollouts_ * (length if normalization == "sequence" else normalization["length"]))


def minibatch_loss(policy, items, method, options, coefficient, temperature):
    actions = sum(len(item["old"]) for item in items)
    low, high = (options["clip"], options["clip"]) if method == "ppo" else (options["clipLow"], options["clipHigh"])
    parts = dict.fromkeys(("policy_loss", "value_loss", "kl_loss", "entropy_bonus", "approx_kl", "clip_share"), 0.0)
    for item in items:
        new, entropies, values, _ = policy.read(item["tokens"], item["actions"], temperature)
        for t in range(len(new)):
            weight = weight_of(method, options, len(new), len(items), actions)
            ratio, advantage = torch.exp(new[t] - item["old"][t]), item["advantages"][t]
            free, bound = ratio * advantage, torch.clamp(ratio, 1 - low, 1 + high) * advantage
            parts["policy_loss"] -= weight * torch.min(free, bound)
            parts["clip_share"] += float(bound < free) / actions
            parts["approx_kl"] += float((ratio - 1 - (new[t] - item["old"][t])).detach()) / actions
            parts["entropy_bonus"] += weight * entropies[t] if options["entropyCoefficient"] else 0.0
            if options["kl"]["placement"] == "loss" and coefficient:
                away = item["reference"][t] - new[t]
                distance = ratio.detach() * away**2 / 2 if options["kl"]["estimator"] == "k2" else (
                    torch.exp(away) - away - 1)
                parts["kl_loss"] += weight * item["held"][t] * distance
            if method == "ppo":
                error = (values[t] - item["returns"][t]) ** 2
                if options["valueClip"] != "none":
                    reach = options["valueClip"]
                    near = item["values"][t] + torch.clamp(values[t] - item["values"][t], -reach, reach)
                    error = torch.max(error, (near - item["returns"][t]) ** 2)
                parts["value_loss"] += 0.5 * error / actions
    loss = parts["policy_loss"] - options["entropyCoefficient"] * parts["entropy_bonus"]
    loss = loss + options.get("valueCoefficient", 0) * parts["value_loss"] + coefficient * parts["kl_loss"]
    return loss, {name: float(torch.as_tensor(value).detach()) for name, value in parts.items()}


def reinforce(world, method, options, coefficient, steps, recorded=None, thought=None, temperature=1.0,
              reference="reference"):
    """Metrics of each step and the trained weights."""
    has_head = method == "ppo"
    policy = PlainPolicy(world, "start", world.head if has_head else None)
    thought = thought or [np.zeros(int(actions.sum()), np.float32) for _, actions in rollouts()]
    items = prepared(
        policy, PlainPolicy(world, reference), method, options, coefficient, recorded, thought, temperature)
    named = policy.trained(has_head)
    adam, metrics = optimizer(named), []
    for rows in steps:
        loss, parts = minibatch_loss(policy, [items[row] for row in rows], method, options, coefficient, temperature)
        parts["loss"] = float(loss.detach())
        parts["gradient_norm"] = step(named, adam, loss)
        metrics.append(parts)
    return metrics, {name: parameter.detach() for name, parameter in named.items()}


def fine_tune(world, rows, steps, rates, coefficient=0.0):
    """Supervised training of (tokens, weights, targets); metrics of each step and the trained weights."""
    policy, reference = PlainPolicy(world, "start"), PlainPolicy(world, "reference")
    named = policy.trained(False)
    adam, metrics = optimizer(named), []
    for rows_of_step, rate in zip(steps, rates):
        total, weights_sum, own = 0.0, 0.0, []
        for row in rows_of_step:
            tokens, weights, targets = rows[row]
            ours = torch.log_softmax(policy.states(tokens)[0], -1)
            with torch.no_grad():
                theirs = torch.log_softmax(reference.states(tokens)[0], -1)
            for place in range(1, len(tokens)):
                if weights[place] == 0:
                    continue
                target = int(targets[place])
                loss = -ours[place - 1, target]
                own += [float(loss.detach())] if weights[place] >= 1 else []
                away = ours[place - 1, target] - theirs[place - 1, target]
                total = total + float(weights[place]) * (loss + coefficient * away**2 / 2)
                weights_sum += float(weights[place])
        norm = step(named, adam, total / weights_sum, rate)
        metrics.append({"loss": float(total.detach()) / weights_sum, "own_loss": float(np.mean(own)), "gradient_norm": norm})
    return metrics, {name: parameter.detach() for name, parameter in named.items()}


def prefer(world, pairs, margins, steps, centring, rate):
    """Preference training; metrics of each step and the trained weights."""
    policy = PlainPolicy(world, "start", world.head)
    named = policy.trained(True)
    adam, metrics = optimizer(named, rate), []
    for rows in steps:
        total, correct = 0.0, 0
        for row in rows:
            scores = [policy.states(answer)[1][-1] @ policy.weight + policy.bias for answer in pairs[row]]
            lead = scores[0] - scores[1] - float(margins[row])
            total = total - torch.nn.functional.logsigmoid(lead) + centring * (scores[0] + scores[1]) ** 2
            correct += int(scores[0] > scores[1])
        loss = (total / len(rows)).squeeze()
        norm = step(named, adam, loss)
        metrics.append({"loss": float(loss.detach()), "correct": correct, "gradient_norm": norm})
    return metrics, {name: parameter.detach() for name, parameter in named.items()}
