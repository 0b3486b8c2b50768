"""The share of words selected under fixed prices: the ELBO with Bernoulli priors of several rates.

    python -m bench.fixed_price [--priors 0.15 0.3 0.45 0.5 0.6] [--seed 1]

Same model, estimator, steps and learning rates as unit 04's; the KL to the prior takes the place of
the constraint.
"""

from __future__ import annotations

import argparse
import math

import torch

from vilib.datasets import Batch, sst
from vilib.estimators import ScoreFunction
from vilib.estimators.baselines import LeaveOneOut
from vilib.models import PRESETS, Preset, RationaleModel, Report, evaluate
from vilib.models.rationale_experiment import SentimentData, build_model, prepare
from vilib.training import optimisers, train


def elbo_objective(model: RationaleModel, num_samples: int):
    """The negative ELBO, its expectation by leave-one-out."""
    estimator = ScoreFunction(LeaveOneOut())

    def objective(batch: Batch) -> dict[str, torch.Tensor]:
        tokens, mask, label = batch.tokens, batch.mask, batch.label
        q = model.posterior(tokens, mask)
        surrogate = estimator(
            q, lambda z: model.log_likelihood(tokens, mask, z, label), num_samples
        )
        return {"loss": (model.rate(q, mask) - surrogate).mean()}

    return objective


def selected(data: SentimentData, preset: Preset, prior_rate: float, seed: int) -> Report:
    """Train with one prior and look at dev."""
    torch.manual_seed(seed)
    model = build_model(data, preset, prior_rate)
    batches = data.batches("train", preset.batch_size, shuffle=True)
    rates = {"table_rate": preset.table_rate, "selector_rate": preset.selector_rate}
    train(
        elbo_objective(model, preset.num_samples),
        batches,
        optimisers(model, preset.learning_rate, **rates),
        preset.epochs(preset.rationale_steps, len(batches)),
        name=f"prior {prior_rate}",
    )
    return evaluate(model.classifier, model.select, data.batches("dev"))


def main() -> None:
    """Print one line per prior."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--priors", type=float, nargs="+", default=[0.15, 0.3, 0.45, 0.5, 0.6])
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    preset = PRESETS["class"]
    data = prepare(sst(), preset)
    lines = []
    for prior in arguments.priors:
        report = selected(data, preset, prior, arguments.seed)
        price = math.log((1 - prior) / prior)
        lines.append(
            f"prior {prior:4.2f}: a word costs {price:5.2f} nats; "
            f"{report.selection_rate:6.1%} selected, dev accuracy {report.accuracy:.1%}"
        )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
