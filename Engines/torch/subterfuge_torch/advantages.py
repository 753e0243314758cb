"""How much better actions and rollouts were than expected: pure functions of rewards and values in NumPy.

Rewards and values are float32, as in the Swift trainer; means are taken in float64.
"""

import numpy as np


def generalized(rewards, values, after, gamma, discount):
    """Generalised advantage estimation of one rollout: float32 [actions].

    `values` are those of the states before each action, `after` that of the state after the last.
    """
    gamma, discount = np.float32(gamma), np.float32(discount)
    advantages = np.zeros(len(rewards), np.float32)
    following, carried = np.float32(after), np.float32(0)
    for t in reversed(range(len(rewards))):
        carried = rewards[t] + gamma * following - values[t] + gamma * discount * carried
        advantages[t] = carried
        following = values[t]
    return advantages


def value_shift(rewards, values, gamma):
    """The mean over all actions of the rewards still to come less the value; both are lists of rows."""
    return np.float32(mean(joined([generalized(r, v, 0, gamma, 1) for r, v in zip(rewards, values)])))


def relative(rewards, groups, baseline, scaled):
    """The advantage of each rollout over the others of its group: float32 [rollouts].

    A group whose rewards are all equal, or that has one member, has advantage 0.
    """
    advantages = np.zeros(len(rewards), np.float32)
    for members in members_of(groups).values():
        own = np.asarray(rewards, np.float32)[members]
        if is_flat(own):
            continue
        own = own.astype(np.float64)
        others = (own.sum() - own) / (len(own) - 1) if baseline == "leave_one_out" else own.sum() / len(own)
        scale = standard_deviation(own) + 1e-6 if scaled else 1.0
        advantages[members] = (own - others) / scale
    return advantages


def flat_groups(rewards, groups):
    """The groups whose rewards are all equal."""
    return {group for group, members in members_of(groups).items() if is_flat(np.asarray(rewards)[members])}


def whitened(values):
    """(x - mean) / sqrt(variance of n - 1, plus 1e-8)."""
    if len(values) < 2:
        return np.zeros_like(values)
    centre, deviation = mean(values), standard_deviation(values)
    return ((values.astype(np.float64) - centre) / np.sqrt(deviation**2 + 1e-8)).astype(np.float32)


def explained_variance(values, returns):
    """1 - Var(returns - values) / Var(returns); 0 when the returns do not vary."""
    whole = standard_deviation(returns)
    return 1 - (standard_deviation(returns - values) / whole) ** 2 if whole > 0 else 0.0


def mean(values):
    """0 for no values."""
    return float(np.mean(values, dtype=np.float64)) if len(values) else 0.0


def standard_deviation(values):
    """With n - 1 in the denominator; 0 for fewer than two values."""
    return float(np.std(np.asarray(values, np.float64), ddof=1)) if len(values) > 1 else 0.0


def members_of(groups):
    """The places of each group's members, by group."""
    members = {}
    for place, group in enumerate(groups):
        members.setdefault(int(group), []).append(place)
    return members


def is_flat(rewards):
    return bool((rewards == rewards[0]).all())


def joined(rows):
    """One array of several rows."""
    return np.concatenate(rows) if rows else np.zeros(0, np.float32)
