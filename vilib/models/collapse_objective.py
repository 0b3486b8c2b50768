"""What unit 07's sentence VAE minimises, under each cure of posterior collapse."""

from __future__ import annotations

import torch
from torch import Tensor

from vilib.bounds import MinimumDesiredRate, free_bits
from vilib.datasets import Batch
from vilib.models.collapse_presets import CollapsePreset, Cure
from vilib.models.sentence_vae import SentenceVAE

__all__ = ["VAEObjective"]


class VAEObjective:
    """What a sentence VAE minimises at each step, under a cure.

        distortion + β(step) · rate,  the rate with free bits or a constraint, if the cure says so

    Args:
        model: The model.
        cure: The cure.
        preset: For the step size of the constraint.
        num_steps: Of the whole run, for the schedule.

    Attributes:
        step: Batches seen so far.
    """

    def __init__(
        self, model: SentenceVAE, cure: Cure, preset: CollapsePreset, num_steps: int
    ) -> None:
        self.model, self.cure, self.num_steps, self.step = model, cure, num_steps, 0
        self.constraint = MinimumDesiredRate(
            cure.minimum_rate, preset.multiplier_rate, torch.optim.RMSprop
        )
        encoder = [*model.table.parameters(), *model.read.parameters(), *model.head.parameters()]
        self.inner = torch.optim.Adam(encoder, preset.learning_rate)

    def __call__(self, batch: Batch) -> dict[str, Tensor | float]:
        """The mean loss of a batch, and what it is made of."""
        if self.step < self.num_steps / 5:
            for _ in range(self.cure.encoder_steps - 1):
                self.inner.zero_grad()
                self.terms(batch)["loss"].backward()
                self.inner.step()
        terms = self.terms(batch)
        if self.cure.minimum_rate:
            self.constraint.step(terms["each"])
        self.step += 1
        return {name: terms[name] for name in ("loss", "rate", "distortion", "beta")}

    def terms(self, batch: Batch) -> dict[str, Tensor | float]:
        """Distortion from one sample a sentence, the rate in closed form, and the loss."""
        tokens, mask, cure = batch.tokens, batch.mask, self.cure
        q = self.model.posterior(tokens, mask)
        z = q.rsample((1,))
        distortion = -self.model.log_likelihood(tokens, mask, z, cure.word_dropout).mean()
        per_dimension = self.model.rate_per_dimension(q)
        rate = per_dimension.sum(-1)  # [B]
        paid = free_bits(per_dimension, cure.free_nats / per_dimension.shape[-1])
        beta = cure.beta(self.step, self.num_steps)
        loss = distortion + beta * paid
        if cure.minimum_rate:
            loss = loss + self.constraint.penalty(rate)
            # what a nat of rate weighs with its multiplier: the β that the constraint has found
            beta -= self.constraint.multiplier.item()
        each = rate.detach()
        return {
            "loss": loss,
            "rate": each.mean(),
            "distortion": distortion,
            "beta": beta,
            "each": each,
        }
