"""A sentence classifier with a latent rationale: which words does it read?"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli, Independent, kl_divergence

__all__ = ["RationaleModel"]

# σ(−1000) is 0 in every precision, and log(1 − σ(−1000)) too: padding is off, and says nothing
PADDING_LOGIT = -1e3


class RationaleModel(nn.Module):
    """Every word is read or not, and the label follows from the words read.

    Model: zₜ ~ Bernoulli(prior_rate) for each word t, y ~ Categorical(classifier(x ⊙ z)).
    Approximate posterior: q(z | x) = ∏ₜ Bernoulli(zₜ; σ(selector(x)ₜ)). It does not see y, so it
    serves at test time.

        ELBO = E_q[log p(y | x ⊙ z)] − KL(q(z | x) ‖ p(z)) ≤ log p(y | x)

    The KL makes every selected word cost about log((1 − prior_rate) / prior_rate) nats, whatever it
    buys; `SelectionRate` lets the number of words be chosen instead of the price.

    Args:
        selector: Maps tokens, mask `[B, T]` to logits `[B, T]`.
        classifier: Maps tokens, mask `[B, T]`, z `[S, B, T]` to logits `[S, B, K]`.
        prior_rate: p(zₜ = 1), in (0, 1).

    Raises:
        ValueError: The prior's rate is not a probability between 0 and 1.

    Source: T. Lei, R. Barzilay and T. Jaakkola, 2016, Rationalizing Neural Predictions,
    https://aclanthology.org/D16-1011; J. Bastings, W. Aziz and I. Titov, 2019, Interpretable Neural
    Predictions with Differentiable Binary Variables, https://aclanthology.org/P19-1284

    Example: the exact ELBO of a sentence of two words, by all four selections.
        >>> from vilib import exact
        >>> from vilib.models import BagClassifier, BagSelector, embedding
        >>> _ = torch.manual_seed(1)
        >>> table = embedding(torch.randn(4, 8))
        >>> model = RationaleModel(BagSelector(table), BagClassifier(table)).double().eval()
        >>> tokens, label = torch.tensor([[3, 2]]), torch.tensor([4])
        >>> mask = tokens > 0
        >>> q = model.posterior(tokens, mask)
        >>> elbo = exact.elbo(q, lambda z: model.log_joint(tokens, mask, z, label))
        >>> terms = exact.expectation(q, lambda z: model.log_likelihood(tokens, mask, z, label))
        >>> torch.allclose(elbo, terms - model.rate(q, mask))
        True
    """

    def __init__(self, selector: nn.Module, classifier: nn.Module, prior_rate: float = 0.3) -> None:
        super().__init__()
        if not 0 < prior_rate < 1:
            raise ValueError(f"prior_rate is {prior_rate}, expected a number between 0 and 1")
        self.selector, self.classifier = selector, classifier
        self.prior_rate = prior_rate

    def prior(self, mask: Tensor) -> Independent:
        """p(z): Bernoulli(prior_rate) on words, never on padding; batch `[B]`, event `[T]`."""
        probability = torch.tensor(self.prior_rate, dtype=self.dtype, device=mask.device)
        return bernoulli(torch.logit(probability).expand(mask.shape), mask)

    def posterior(self, tokens: Tensor, mask: Tensor) -> Independent:
        """q(z | x), batch `[B]`, event `[T]`; padding is off for sure and gets no gradient."""
        return bernoulli(self.selector(tokens, mask), mask)

    def classify(self, tokens: Tensor, mask: Tensor, z: Tensor | None = None) -> Tensor:
        """Logits: `[S, B, K]` for z `[S, B, T]`; `[B, K]` for z `[B, T]` or None: all words."""
        return self.classifier(tokens, mask, z)

    def log_likelihood(self, tokens: Tensor, mask: Tensor, z: Tensor, label: Tensor) -> Tensor:
        """log p(y | x ⊙ z) in nats, `[S, B]` for z `[S, B, T]` and label `[B]`."""
        log_probs = self.classify(tokens, mask, z).log_softmax(-1)  # [S, B, K]
        return log_probs.gather(-1, label.expand(len(z), -1).unsqueeze(-1)).squeeze(-1)

    def log_joint(self, tokens: Tensor, mask: Tensor, z: Tensor, label: Tensor) -> Tensor:
        """log p(z) + log p(y | x ⊙ z) in nats, `[S, B]`; −1000 or less where z selects padding."""
        return self.prior(mask).log_prob(z) + self.log_likelihood(tokens, mask, z, label)

    def rate(self, q: Independent, mask: Tensor) -> Tensor:
        """KL(q(z | x) ‖ p(z)) in nats, summed over words, `[B]`."""
        each = kl_divergence(q.base_dist, self.prior(mask).base_dist)  # [B, T]
        return each.masked_fill(~mask, 0.0).sum(-1)

    def elbo(self, tokens: Tensor, mask: Tensor, label: Tensor, num_samples: int = 1) -> Tensor:
        """E_q[log p(y | x ⊙ z)] − KL(q ‖ p), the expectation by samples, `[B]`.

        It is for reading, not for training: the sampled expectation has no gradient in q. That is
        what estimators are for.
        """
        q = self.posterior(tokens, mask)
        log_likelihood = self.log_likelihood(tokens, mask, q.sample((num_samples,)), label)
        return log_likelihood.mean(0) - self.rate(q, mask)

    def select(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """The likeliest selection, zₜ = 1 where q(zₜ = 1 | x) > ½, `[B, T]`."""
        return (self.posterior(tokens, mask).base_dist.probs > 0.5).to(self.dtype)

    @property
    def dtype(self) -> torch.dtype:
        """Floating-point type of the parameters."""
        return next(self.parameters()).dtype


def bernoulli(logits: Tensor, mask: Tensor) -> Independent:
    """Independent Bernoullis on words, off at padding; batch `[B]`, event `[T]`."""
    return Independent(Bernoulli(logits=logits.masked_fill(~mask, PADDING_LOGIT)), 1)
