"""A sentence VAE: an RNN reads the sentence into a code, an RNN writes it down again."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.distributions import Distribution, kl_divergence

from vilib.models.decoder import Decoder, sentence_log_prob
from vilib.models.posterior_head import GaussianHead, SphereHead
from vilib.models.sentence_frame import framed
from vilib.models.word_dropout import drop_words

__all__ = ["SentenceVAE"]


class SentenceVAE(nn.Module):
    """z ~ p(z), xₜ ~ p(xₜ | x₍<ₜ₎, z) until the end of the sentence; q(z | x) from a GRU.

        ELBO = E_q[∑ₜ log p(xₜ | x₍<ₜ₎, z)] − KL(q(z | x) ‖ p(z)) ≤ log p(x)

    The decoder sees the words so far *and* z. Since a product of p(xₜ | x₍<ₜ₎) can express every
    distribution over sentences on its own, it has no need of z.

    Args:
        decoder: With a code of D dimensions.
        head: Gaussian or on the sphere; reads H features.
        hidden: H, width of the encoder.

    Source: S. R. Bowman, L. Vilnis, O. Vinyals, A. M. Dai, R. Jozefowicz and S. Bengio, 2016,
        Generating Sentences from a Continuous Space, https://arxiv.org/abs/1511.06349

    Example:
        >>> model = SentenceVAE(Decoder(9, code_size=2), GaussianHead(64, 2))
        >>> tokens = torch.tensor([[4, 5, 6], [7, 0, 0]])
        >>> q = model.posterior(tokens, tokens > 0)
        >>> model.log_likelihood(tokens, tokens > 0, q.rsample((5,))).shape, model.rate(q).shape
        (torch.Size([5, 2]), torch.Size([2]))
    """

    def __init__(self, decoder: Decoder, head: GaussianHead | SphereHead, hidden: int = 64) -> None:
        super().__init__()
        self.decoder, self.head = decoder, head
        size = decoder.table.embedding_dim
        self.table = nn.Embedding(decoder.table.num_embeddings, size)
        self.read = nn.GRU(size, hidden, batch_first=True)

    def posterior(self, tokens: Tensor, mask: Tensor) -> Distribution:
        """q(z | x) for tokens and mask `[B, T]`; batch shape `[B]`, event shape `[D]`."""
        states = self.read(self.table(tokens))[0]  # [B, T, H]
        last = (mask.sum(-1) - 1).clamp_min(0)
        return self.head(states[torch.arange(len(tokens), device=tokens.device), last])

    def log_likelihood(
        self, tokens: Tensor, mask: Tensor, z: Tensor, word_dropout: float = 0.0
    ) -> Tensor:
        """log p(x | z) in nats, `[S, B]`, for z `[S, B, D]`; words are dropped in training only."""
        inputs, targets, there = framed(tokens, mask)
        logits = self.decoder(drop_words(inputs, word_dropout), z)
        return sentence_log_prob(logits, targets, there)

    def log_joint(self, tokens: Tensor, mask: Tensor, z: Tensor) -> Tensor:
        """log p(x, z) = log p(z) + log p(x | z) in nats, `[S, B]`, for z `[S, B, D]`."""
        return self.head.prior().log_prob(z) + self.log_likelihood(tokens, mask, z)

    def rate(self, q: Distribution) -> Tensor:
        """KL(q(z | x) ‖ p(z)) in closed form, summed over dimensions, nats, `[B]`."""
        return kl_divergence(q, self.head.prior().expand(q.batch_shape))

    def rate_per_dimension(self, q: Distribution) -> Tensor:
        """The same for each dimension on its own, `[B, D]`; on the sphere all of it at once."""
        if isinstance(self.head, SphereHead):
            return self.rate(q).unsqueeze(-1)
        each = self.head.prior().base_dist
        return kl_divergence(q.base_dist, each.expand(q.base_dist.batch_shape))
