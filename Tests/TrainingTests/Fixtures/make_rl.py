"""Makes rl.safetensors beside this file: PPO and GRPO in torch, three steps each, on the tiny Gemma 3 of make_training.py.

    python make_rl.py     (transformers, peft, torch, safetensors)

Written from the formulas, one rollout and one action at a time, so that it shares no trick with what it checks.
`tokens`, `actions` and `recorded` are the rollouts one after another, of `lengths` tokens. `<run>:<metric>` has one number
for each step, `<run>:<step>:<name>` weights after a step. The reference policy is the start with its last norm times 1.2.
"""

import os

import torch
from safetensors.torch import save_file

from make_training import stored, tiny

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS, RATE, TEMPERATURE = 3, 1e-3, 0.7
LENGTHS = (9, 12, 7, 10, 8, 11, 12, 6)
GROUPS = (0, 0, 0, 0, 1, 1, 2, 2)
REWARDS = (1.0, 0.0, 0.25, 1.0, 0.5, 0.5, 0.0, 2.0)
TRUNCATED = (False, True, False, False, False, True, False, False)
EVERY_STEP = ("model.norm.weight", "model.layers.0.self_attn.k_proj.weight", "model.layers.1.self_attn.q_norm.weight")
AT_THE_END = ("model.embed_tokens.weight", "model.layers.1.mlp.down_proj.weight")


def rollouts():
    torch.manual_seed(11)
    made = []
    for length in LENGTHS:
        tokens = torch.randint(3, 64, (length,))
        actions = torch.rand(length) < 0.6
        actions[0] = False  # follows from nothing
        actions[1], actions[-1] = False, True
        made.append((tokens, actions))
    return made


class Policy(torch.nn.Module):
    """The language model with a linear value head on its last states."""

    def __init__(self, model, weight):
        super().__init__()
        self.model = model
        self.weight = torch.nn.Parameter(weight.clone())
        self.bias = torch.nn.Parameter(torch.zeros(1))

    def forward(self, tokens, actions):
        """Log-probability and entropy of each action, value of the state before it, value of the last state."""
        output = self.model(input_ids=tokens[None], output_hidden_states=True)
        values = output.hidden_states[-1][0] @ self.weight + self.bias
        at = [i for i in range(len(tokens)) if actions[i]]
        log_probabilities, entropies = [], []
        for i in at:
            distribution = torch.distributions.Categorical(logits=output.logits[0, i - 1] / TEMPERATURE)
            log_probabilities.append(distribution.log_prob(tokens[i]))
            entropies.append(distribution.entropy())
        return torch.stack(log_probabilities), torch.stack(entropies), values[[i - 1 for i in at]], values[-1]


def gae(rewards, values, after, gamma, lam):
    """By the definition: a double sum."""
    n = len(rewards)
    following = torch.cat([values[1:], after.reshape(1)])
    delta = rewards + gamma * following - values
    return torch.stack([sum((gamma * lam) ** (l - t) * delta[l] for l in range(t, n)) for t in range(n)])


def relative(rewards, baseline, scaled):
    advantages = []
    for i, group in enumerate(GROUPS):
        own = torch.tensor([r for r, g in zip(rewards, GROUPS) if g == group])
        others = torch.tensor([rewards[j] for j, g in enumerate(GROUPS) if g == group and j != i])
        value = rewards[i] - (own.mean() if baseline == "group_mean" else others.mean())
        if (own == own[0]).all():
            value = torch.tensor(0.0)
        advantages.append(float(value / (own.std() + 1e-6)) if scaled else float(value))
    return advantages


def recentre(run, policy, items, penalty):
    """Moves the bias so that over the actions of rollouts that ended, values have the mean of the discounted rewards."""
    errors = []
    for item, cost in zip(items, penalty):
        if item["cut"] and run["truncation"] != "terminate":
            continue
        n = len(cost)
        rewards = [float(c) for c in cost]
        rewards[-1] += item["reward"]
        for t in range(n):
            ahead = sum(run["gamma"] ** (k - t) * rewards[k] for k in range(t, n))
            errors.append(ahead - float(item["values"][t]))
    shift = sum(errors) / len(errors)
    policy.bias += shift
    for item in items:
        item["values"], item["after"] = item["values"] + shift, item["after"] + shift


def prepared(run, policy, reference, recorded):
    """What each rollout is worth before the first step; None for one that is left out."""
    items, kl = [], run["kl"]
    with torch.no_grad():
        for index, (tokens, actions) in enumerate(rollouts()):
            _, _, values, after = policy(tokens, actions)
            fixed = reference(tokens, actions)[0]
            items.append(dict(tokens=tokens, actions=actions, old=recorded[index], ref=fixed, values=values, after=after,
                              cut=TRUNCATED[index], reward=REWARDS[index]))
        penalty = [-kl * (i["old"] - i["ref"]) if run["kl_in_reward"] else torch.zeros_like(i["old"]) for i in items]
        if run["kind"] == "ppo":
            recentre(run, policy, items, penalty)
            for item, cost in zip(items, penalty):
                rewards, boot = cost.clone(), run["truncation"] == "bootstrap" and item["cut"]
                rewards[-1] += 0.0 if boot else item["reward"]
                after = item["after"] if boot else torch.tensor(0.0)
                item["advantages"] = gae(rewards, item["values"], after, run["gamma"], run["lam"])
                item["returns"] = item["advantages"] + item["values"]
        else:
            totals = [i["reward"] + float(c.sum()) for i, c in zip(items, penalty)]
            for item, value in zip(items, relative(totals, run["baseline"], run["scaled"])):
                item["advantages"] = torch.full_like(item["old"], value)
            if run.get("drop"):
                items = [i for i, g in zip(items, GROUPS) if g != 1]
        if run["truncation"] == "exclude":
            items = [i for i in items if not i["cut"]]
        if run.get("whiten"):
            everything = torch.cat([i["advantages"] for i in items])
            mean, variance = everything.mean(), everything.var()
            for item in items:
                item["advantages"] = (item["advantages"] - mean) * torch.rsqrt(variance + 1e-8)
    return items


def step_loss(run, policy, items):
    actions = sum(len(i["old"]) for i in items)
    total = dict(policy_loss=0.0, value_loss=0.0, kl_loss=0.0, entropy_bonus=0.0, approx_kl=0.0, clip_share=0.0)
    for item in items:
        new, entropies, values, _ = policy(item["tokens"], item["actions"])
        n = len(new)
        weight = {"token": 1 / actions, "sequence": 1 / (len(items) * n),
                  "constant": 1 / (len(items) * run.get("length", 1))}[run["normalization"]]
        for t in range(n):
            ratio, advantage = torch.exp(new[t] - item["old"][t]), item["advantages"][t]
            free = ratio * advantage
            bound = torch.clamp(ratio, 1 - run["low"], 1 + run["high"]) * advantage
            total["policy_loss"] -= weight * torch.min(free, bound)
            total["clip_share"] += float(bound < free) / actions
            total["approx_kl"] += float((ratio - 1 - (new[t] - item["old"][t])).detach()) / actions
            total["entropy_bonus"] += weight * entropies[t]
            log_ratio = item["ref"][t] - new[t]
            if run["estimator"] == "k2":
                total["kl_loss"] += weight * ratio.detach() * log_ratio**2 / 2
            else:
                total["kl_loss"] += weight * (torch.exp(log_ratio) - log_ratio - 1)
            if run["kind"] == "ppo":
                error = (values[t] - item["returns"][t]) ** 2
                if run["value_clip"]:
                    near = item["values"][t] + torch.clamp(
                        values[t] - item["values"][t], -run["value_clip"], run["value_clip"])
                    error = torch.max(error, (near - item["returns"][t]) ** 2)
                total["value_loss"] += 0.5 * error / actions
    loss = total["policy_loss"] - run["entropy"] * total["entropy_bonus"]
    if run["kind"] == "ppo":
        loss = loss + run["value"] * total["value_loss"]
    if not run["kl_in_reward"]:
        loss = loss + run["kl"] * total["kl_loss"]
    return loss, total


PPO = dict(kind="ppo", estimator="k2", normalization="token", low=0.2, high=0.2, gamma=0.99, lam=0.9, value=0.3)
GRPO = dict(kind="grpo", estimator="k3", low=0.2, high=0.28, entropy=0.0)
RUNS = {
    "ppo": PPO | dict(entropy=0.02, kl=0.1, kl_in_reward=True, value_clip=0.05, truncation="bootstrap", whiten=True),
    "ppo_loss": PPO | dict(low=0.4, high=0.4, entropy=0.0, kl=0.2, kl_in_reward=False, value_clip=None,
                           truncation="exclude"),
    "grpo": GRPO | dict(normalization="sequence", baseline="group_mean", scaled=True, kl=0.04, kl_in_reward=False,
                        truncation="terminate"),
    "dr_grpo": GRPO | dict(normalization="constant", length=12, baseline="group_mean", scaled=False, kl=0.0,
                           kl_in_reward=False, truncation="terminate", drop=True, entropy=0.01),
    "rloo": GRPO | dict(normalization="token", baseline="leave_one_out", scaled=False, kl=0.1, kl_in_reward=True,
                        truncation="exclude"),
}


def train(run, head, recorded):
    policy, reference = Policy(tiny(), head), Policy(tiny(), head)
    norm = reference.model.model.norm.weight
    norm.data = 1.2 * (norm.data + 1) - 1
    items = prepared(run, policy, reference, recorded)
    trained = [p for name, p in policy.named_parameters() if run["kind"] == "ppo" or name not in ("weight", "bias")]
    optimizer = torch.optim.AdamW(trained, lr=RATE, betas=(0.9, 0.97), eps=1e-6, weight_decay=0.0)
    metrics, weights = {}, {}
    for step in range(STEPS):
        optimizer.zero_grad()
        loss, total = step_loss(run, policy, items)
        loss.backward()
        total["loss"], total["gradient_norm"] = loss, torch.nn.utils.clip_grad_norm_(trained, 0.5)
        for name, value in total.items():
            metrics.setdefault(name, []).append(float(torch.as_tensor(value).detach()))
        optimizer.step()
        named = dict(policy.model.named_parameters())
        for name in EVERY_STEP + (AT_THE_END if step == STEPS - 1 else ()):
            weights[f"{step}:{name}"] = stored(name, named[name])
        weights[f"{step}:head"] = policy.weight.detach().clone()
        weights[f"{step}:bias"] = policy.bias.detach().clone()
    return metrics, weights


def make():
    torch.manual_seed(12)
    head = 0.3 * torch.randn(32)
    data, policy = rollouts(), Policy(tiny(), head)
    with torch.no_grad():  # as if drawn from a policy a little off: ratios start on both sides of 1
        recorded = [policy(t, a)[0] + 0.25 * torch.randn(int(a.sum())) for t, a in data]
    arrays = {"lengths": torch.tensor(LENGTHS).int(), "tokens": torch.cat([t for t, _ in data]).int(),
              "actions": torch.cat([a for _, a in data]).int(), "recorded": torch.cat(recorded), "head": head}
    for name, run in RUNS.items():
        metrics, weights = train(run, head, recorded)
        arrays |= {f"{name}:{metric}": torch.tensor(values) for metric, values in metrics.items()}
        arrays |= {f"{name}:{key}": value.contiguous() for key, value in weights.items()}
        print(name, {metric: [round(v, 4) for v in values] for metric, values in metrics.items()})
    save_file({name: array.contiguous() for name, array in arrays.items()}, os.path.join(HERE, "rl.safetensors"))


if __name__ == "__main__":
    make()
