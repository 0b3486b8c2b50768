"""The mixed Dirichlet: first a face of the simplex, then a Dirichlet on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import torch
from torch import Size, Tensor
from torch.distributions import Distribution, constraints, register_kl
from torch.nn.functional import logsigmoid, softplus
from torch.special import digamma, gammaln

from vilib.distributions.faces import faces

__all__ = ["MixedDirichlet"]


class MixedDirichlet(Distribution):
    """Draw which vertices take part, at least one; then draw z from a Dirichlet on their face.

    P(F) = 1/Z exp(∑_{k ∈ F} ηₖ), ∅ ≠ F ⊆ {1, …, K};  z | F ~ Dirichlet(α_F) on F, 0 elsewhere.

    Measure: mass on vertices; on a face with m > 1 vertices, density per volume of m - 1 of its
        coordinates (which ones does not matter), as in torch's Dirichlet.

    Without the ban on the empty face each vertex would take part with probability σ(ηₖ). Hence
    Z = ∏ₖ (1 + e^{ηₖ}) - 1, which is the sum over the last vertex k of F of
    e^{ηₖ} ∏_{j < k} (1 + e^{ηⱼ}): nothing is subtracted, and sampling goes the same way. Mean,
    entropy and KL sum over all faces.

    Args:
        scores: η, `[*batch, K]`; the larger, the likelier takes vertex k part. -∞ bars vertex k.
        concentration: α > 0, of a shape that broadcasts with scores.
        validate_args: As in torch.

    Raises:
        ValueError: scores have no axis, bar all vertices, or one is NaN or +∞.

    Source: A. Farinhas, W. Aziz, V. Niculae and A. F. T. Martins, 2022, Sparse Communication via
        Mixed Distributions, https://arxiv.org/abs/2108.02658

    Example: 7 faces, equally likely, each with a uniform distribution.
        >>> q = MixedDirichlet(torch.zeros(3), torch.ones(3))
        >>> z = torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.2, 0.3, 0.5]])
        >>> q.log_prob(z).exp() * 7  # uniform on a triangle: density 2! = 2
        tensor([1.0000, 1.0000, 2.0000])
        >>> q.mean, q.entropy()
        (tensor([0.3333, 0.3333, 0.3333]), tensor(1.8469))
    """

    arg_constraints: ClassVar = {
        "scores": constraints.real_vector,
        "concentration": constraints.independent(constraints.positive, 1),
    }
    support = constraints.simplex

    def __init__(
        self, scores: Tensor, concentration: Tensor | float, validate_args: bool | None = None
    ) -> None:
        if scores.dim() < 1:
            raise ValueError("scores must have an axis of the K vertices")
        concentration = torch.as_tensor(concentration).to(scores)
        self.scores, self.concentration = torch.broadcast_tensors(scores, concentration)
        shape = self.scores.shape
        super().__init__(shape[:-1], shape[-1:], validate_args=validate_args)
        if self._validate_args and not self.scores.amax(-1).isfinite().all():
            raise ValueError("every row of scores needs a largest that is finite, and no NaN")

    def expand(
        self, batch_shape: Size | Sequence[int], _instance: MixedDirichlet | None = None
    ) -> MixedDirichlet:
        """The same with batch axes repeated, as in torch."""
        shape = Size(batch_shape) + self.event_shape
        parameters = self.scores.expand(shape), self.concentration.expand(shape)
        return MixedDirichlet(*parameters, validate_args=self._validate_args)

    @property
    def log_last(self) -> Tensor:
        """log of Z's terms: of the chance that k is the last vertex, up to Z, `[*batch, K]`."""
        earlier = softplus(self.scores).cumsum(-1) - softplus(self.scores)
        return self.scores + earlier

    @property
    def log_normaliser(self) -> Tensor:
        """log Z, `[*batch]`."""
        return self.log_last.logsumexp(-1)

    @property
    def vertex_probabilities(self) -> Tensor:
        """P(zₖ > 0) = ∂ log Z / ∂ηₖ, `[*batch, K]`."""
        total = softplus(self.scores).sum(-1, keepdim=True)
        # σ(ηₖ) / P(not empty)
        return (logsigmoid(self.scores) + total - self.log_normaliser.unsqueeze(-1)).exp()

    def face_probabilities(self) -> Tensor:
        """The probability of each row of `faces(K)`, `[*batch, 2ᴷ - 1]`.

        Raises:
            ValueError: More than 2**20 faces.
        """
        F = self.faces()
        # in place of -∞ a number that bars a face all the same, but not where it is multiplied by 0
        lowest = torch.finfo(self.scores.dtype).min / (2 * F.shape[-1])
        scores = self.scores.clamp(min=lowest)
        return (scores @ F.T - self.log_normaliser.unsqueeze(-1)).exp()

    def faces(self) -> Tensor:
        """All faces as zeros and ones, `[2ᴷ - 1, K]`."""
        return faces(self.event_shape[0], self.scores.device).to(self.scores)

    def sample(self, sample_shape: Size | Sequence[int] = ()) -> Tensor:
        """z, `[*sample_shape, *batch, K]`; no gradient, since the face is discrete."""
        shape = self._extended_shape(Size(sample_shape))
        with torch.no_grad():
            face = self.sample_faces(shape)
            α = self.concentration.expand(shape)
            # Gamma(α) = Gamma(α + 1) U^{1/α}, in logarithms: for small α it underflows
            log_gamma = torch._standard_gamma(α + 1).log() - torch.empty_like(α).exponential_() / α
            z = log_gamma.where(face, -torch.inf).softmax(-1)
            # a number that underflows all the same must not change the face
            return z.clamp(min=torch.finfo(z.dtype).tiny).where(face, 0.0)

    def sample_faces(self, shape: Size) -> Tensor:
        """The last vertex from its distribution, those before by their own coins, `[..., K]`."""
        log_last = self.log_last.expand(shape)
        last = torch.distributions.Categorical(logits=log_last).sample().unsqueeze(-1)
        coins = torch.rand(shape, dtype=log_last.dtype, device=log_last.device)
        k = torch.arange(shape[-1], device=log_last.device)
        return (k == last) | ((k < last) & (coins < self.scores.sigmoid()))

    def log_prob(self, value: Tensor) -> Tensor:
        """Log mass at vertices, log density inside larger faces, in nats, `[..., *batch]`."""
        if self._validate_args:
            self._validate_sample(value)
        inside = value > 0
        α = self.concentration.where(inside, 0.0)
        log_z = value.where(inside, 1.0).log()
        log_Γ = gammaln(self.concentration).where(inside, 0.0)
        log_density = gammaln(α.sum(-1)) + ((α - 1) * log_z - log_Γ).sum(-1)
        return self.scores.where(inside, 0.0).sum(-1) - self.log_normaliser + log_density

    @property
    def mean(self) -> Tensor:
        """E[zₖ] = ∑_F P(F) αₖ 1{k ∈ F} / ∑_{j ∈ F} αⱼ, `[*batch, K]`."""
        F = self.faces()
        share = self.face_probabilities() / (self.concentration @ F.T)
        return self.concentration * (share @ F)

    def entropy(self) -> Tensor:
        """H(F) + ∑_F P(F) H(Dirichlet(α_F)), in nats, `[*batch]`; for K ≤ 20."""
        α, F, P = self.concentration, self.faces(), self.vertex_probabilities
        total, m = α @ F.T, F.sum(-1)
        # of the Dirichlet's entropy, what depends on the face as a whole
        joint = (total - m) * digamma(total) - gammaln(total)
        own = gammaln(α) - (α - 1) * digamma(α)
        of_faces = self.log_normaliser - (P * self.scores.where(P > 0, 0.0)).sum(-1)
        return of_faces + (self.face_probabilities() * joint).sum(-1) + (P * own).sum(-1)


@register_kl(MixedDirichlet, MixedDirichlet)
def kl_mixed_dirichlet(p: MixedDirichlet, q: MixedDirichlet) -> Tensor:
    """KL(p ‖ q) = KL of the faces + ∑_F P(F) KL of the Dirichlets on F, in nats; for K ≤ 20.

    It is ∞ where q bars a vertex that p does not.
    """
    α, β, F, P = p.concentration, q.concentration, p.faces(), p.vertex_probabilities
    a, b = α @ F.T, β @ F.T
    gap = (p.scores - q.scores).where(P > 0, 0.0)
    of_faces = q.log_normaliser - p.log_normaliser + (P * gap).sum(-1)
    joint = gammaln(a) - gammaln(b) - (a - b) * digamma(a)
    own = gammaln(β) - gammaln(α) + (α - β) * digamma(α)
    return of_faces + (p.face_probabilities() * joint).sum(-1) + (P * own).sum(-1)
