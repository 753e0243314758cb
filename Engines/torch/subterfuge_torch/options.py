"""The settings of PPO, GRPO and the optimiser, under the names that the Swift structs have in files."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class KLPenalty:
    """How far the policy may move from the reference."""

    coefficient: float
    placement: str
    estimator: str
    spans: str
    target: float | None
    horizon: float | None

    @classmethod
    def read(cls, fields):
        target = horizon = None
        if isinstance(fields.values.get("control"), dict):
            control = fields.object("control")
            target, horizon = control.number("target", above=0), control.number("horizon", above=0)
            control.finish()
        else:
            fields.choice("control", ["fixed"])
        penalty = cls(
            coefficient=fields.number("coefficient", low=0),
            placement=fields.choice("placement", ["reward", "loss"]),
            estimator=fields.choice("estimator", ["k2", "k3"], "k3"),
            spans=fields.choice("spans", ["all", "answer", "thought"], "all"), target=target, horizon=horizon)
        fields.finish()
        return penalty

    def includes(self, is_thought):
        """Which actions are held near the reference: bool, as `is_thought`."""
        if self.spans == "all":
            return np.ones_like(is_thought)
        return is_thought if self.spans == "thought" else ~is_thought

    def following(self, current, divergence, rollouts):
        """The coefficient of the next round (Ziegler et al. 2019, section 2.2)."""
        if self.target is None:
            return current
        error = min(max(divergence / self.target - 1, -0.2), 0.2)
        return current * (1 + error * rollouts / self.horizon)


@dataclass(frozen=True)
class PPO:
    """Proximal policy optimisation with a value head on the policy's own trunk."""

    clip: float
    value_clip: float | None
    gamma: float
    discount: float
    value_coefficient: float
    entropy_coefficient: float
    whitens_advantages: bool
    kl: KLPenalty
    truncation: str
    epochs: int
    minibatches: int

    has_values = True

    @classmethod
    def read(cls, fields):
        if fields.values.get("valueClip") == "none":
            fields.values["valueClip"] = None
        epochs, minibatches = _passes(fields)
        options = cls(
            clip=fields.number("clip", above=0, below=1), value_clip=fields.number("valueClip", None, above=0),
            gamma=fields.number("gamma", low=0, high=1), discount=fields.number("lambda", low=0, high=1),
            value_coefficient=fields.number("valueCoefficient", above=0),
            entropy_coefficient=fields.number("entropyCoefficient", low=0),
            whitens_advantages=fields.flag("whitensAdvantages"), kl=KLPenalty.read(fields.object("kl")),
            truncation=fields.choice("truncation", ["bootstrap", "terminate", "exclude"]),
            epochs=epochs, minibatches=minibatches)
        fields.finish()
        return options

    @property
    def bounds(self):
        """How far the ratio counts below and above 1."""
        return self.clip, self.clip


@dataclass(frozen=True)
class GRPO:
    """Group-relative policy optimisation and its variants."""

    baseline: str
    scales_by_deviation: bool
    normalization: str
    constant_length: int | None
    clip_low: float
    clip_high: float
    entropy_coefficient: float
    kl: KLPenalty
    zero_variance: str
    truncation: str
    epochs: int
    minibatches: int

    has_values = False

    @classmethod
    def read(cls, fields):
        normalization, length = "constant", None
        if isinstance(fields.values.get("normalization"), dict):
            constant = fields.object("normalization")
            length = constant.integer("length", low=1)
            constant.finish()
        else:
            normalization = fields.choice("normalization", ["sequence", "token"])
        epochs, minibatches = _passes(fields)
        options = cls(
            baseline=fields.choice("baseline", ["group_mean", "leave_one_out"]),
            scales_by_deviation=fields.flag("scalesByDeviation"), normalization=normalization, constant_length=length,
            clip_low=fields.number("clipLow", above=0, below=1), clip_high=fields.number("clipHigh", above=0),
            entropy_coefficient=fields.number("entropyCoefficient", low=0), kl=KLPenalty.read(fields.object("kl")),
            zero_variance=fields.choice("zeroVariance", ["keep", "drop"]),
            truncation=fields.choice("truncation", ["terminate", "exclude"]), epochs=epochs, minibatches=minibatches)
        fields.finish()
        return options

    @property
    def bounds(self):
        """How far the ratio counts below and above 1."""
        return self.clip_low, self.clip_high


def _passes(fields):
    passes = fields.object("passes")
    result = passes.integer("epochs", low=1, high=1_000), passes.integer("minibatches", low=1, high=100_000)
    passes.finish()
    return result


@dataclass(frozen=True)
class OptimizerOptions:
    """AdamW, its schedule and the clipping of the gradient."""

    learning_rate: float
    beta1: float
    beta2: float
    epsilon: float
    weight_decay: float
    warmup_steps: int
    total_steps: int
    decay: str
    final_fraction: float
    maximum_gradient_norm: float | None

    @classmethod
    def read(cls, fields):
        # Muon trains whole matrices only; an adapter's factors are AdamW's in the Swift trainer, too.
        fields.take("muon", None)
        adam, schedule = fields.object("adamW"), fields.object("schedule")
        options = cls(
            learning_rate=adam.number("learningRate", low=0), beta1=adam.number("beta1", low=0, below=1),
            beta2=adam.number("beta2", low=0, below=1), epsilon=adam.number("epsilon", above=0),
            weight_decay=adam.number("weightDecay", low=0), warmup_steps=schedule.integer("warmupSteps"),
            total_steps=schedule.integer("totalSteps"),
            decay=schedule.choice("decay", ["constant", "linear", "cosine"]),
            final_fraction=schedule.number("finalFraction", low=0),
            maximum_gradient_norm=fields.number("maximumGradientNorm", None, above=0))
        for part in (adam, schedule, fields):
            part.finish()
        return options
