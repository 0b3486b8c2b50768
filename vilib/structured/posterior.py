"""An HMM's posterior over state sequences, as a distribution."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.distributions import Distribution, constraints

from vilib.exact.points import guard
from vilib.structured.backprop import counts_by_backprop
from vilib.structured.forward import forward
from vilib.structured.hmm import HMM
from vilib.structured.marginals import expected_counts, marginals
from vilib.structured.posterior_sampling import sample_posterior

__all__ = ["HMMPosterior"]


class HMMPosterior(Distribution):
    """q(z) = p(z | x) = p(x, z) / p(x): T dependent states, drawn, scored and summed over exactly.

    With scores from a network it is a structured q for any estimator of `vilib.estimators` that
    takes discrete variables: `log_prob` and `entropy` are differentiable in the scores.

    Batch shape `[B]`, event shape `[T]`, values integers from 0 to K-1; padding holds 0 and is not
    counted. An impossible sequence has no posterior: `sample` refuses it, `log_prob` is NaN.

    Args:
        hmm: The model with its observations, or scores of any other origin.

    Source: Y. Kim, C. Denton, L. Hoang and A. M. Rush, 2017, Structured Attention Networks,
        https://arxiv.org/abs/1702.00887

    Example: the entropy of four steps of a fair coin is 4 log 2, written with two states.
        >>> from vilib.structured import HMM
        >>> q = HMMPosterior(HMM(torch.zeros(2), torch.zeros(2, 2), torch.zeros(1, 4, 2)))
        >>> q.entropy() / torch.tensor(2.0).log()
        tensor([4.])
        >>> q.log_prob(torch.tensor([[0, 1, 1, 0]])).exp()
        tensor([0.0625])
    """

    arg_constraints = {}  # noqa: RUF012 - as torch declares it
    has_enumerate_support = True

    def __init__(self, hmm: HMM) -> None:
        self.hmm = hmm
        B, T, _ = hmm.log_emission.shape
        super().__init__(torch.Size([B]), torch.Size([T]), validate_args=False)

    @property
    def support(self) -> constraints.Constraint:
        """T integers from 0 to K-1."""
        K = self.hmm.log_emission.shape[-1]
        return constraints.independent(constraints.integer_interval(0, K - 1), 1)

    @property
    def marginals(self) -> Tensor:
        """q(zₜ = k), `[B, T, K]`."""
        return marginals(self.hmm)

    def sample(self, sample_shape: torch.Size | tuple[int, ...] = ()) -> Tensor:
        """Independent draws, `[*sample_shape, B, T]`."""
        shape = torch.Size(sample_shape)
        z = sample_posterior(self.hmm, shape.numel())
        return z.reshape(shape + self.batch_shape + self.event_shape)

    def log_prob(self, value: Tensor) -> Tensor:
        """log q(z) = log p(x, z) - log p(x), `[..., B]`, for z `[..., B, T]`."""
        return self.hmm.log_joint(value) - forward(self.hmm)

    def entropy(self) -> Tensor:
        """H(q) = log p(x) - E_q[log p(x, z)], nats, `[B]`; the mean is over expected counts."""
        hmm = self.hmm.cleaned()
        each = hmm.log_transition.dim() == 4
        counts = counts_by_backprop(hmm, per_step=True) if each else expected_counts(hmm)
        scores = hmm.log_initial, hmm.steps if each else hmm.steps[:, 0], hmm.log_emission
        # what is forbidden is never counted: 0 · -inf is 0 here, and has no gradient
        allowed = [s.masked_fill(s == -torch.inf, 0.0) for s in scores]
        used = sum((n * s).flatten(1).sum(1) for n, s in zip(counts, allowed))
        return forward(hmm) - used

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """All Kᵀ sequences, `[Kᵀ, B, T]`, or `[Kᵀ, 1, T]`.

        Raises:
            ValueError: They are more than 2**20, or lengths differ, so that there is no common
                support.
        """
        B, T, K = self.hmm.log_emission.shape
        if self.hmm.lengths is not None and self.hmm.lengths.min() < T:
            raise ValueError("sequences of different lengths have no common support to enumerate")
        guard(K**T, f"the enumeration of {T} states with {K} values each")
        device = self.hmm.log_emission.device
        values = torch.cartesian_prod(*[torch.arange(K, device=device)] * T).view(-1, 1, T)
        return values.expand(-1, B, T) if expand else values
