"""A mixture over sentences: K small language models, one of which has written each sentence."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vilib.models.decoder import Decoder
from vilib.models.language_model import LanguageModel

__all__ = ["MixtureOfRNNs"]


class MixtureOfRNNs(nn.Module):
    """p(x) = ∑ₖ πₖ ∏ₜ pₖ(xₜ | x₍<ₜ₎): z chooses a language model, once for the whole sentence.

    Inside a component the words depend on each other, and there is no M-step in closed form. But
    the posterior is as exact as before: run every component over the sentence, add its prior, and
    normalise over components.

    Args:
        vocabulary_size: V.
        num_components: K.
        embedding_size: E.
        hidden: H.

    Source: Y. Kim, S. Wiseman and A. M. Rush, 2018, A Tutorial on Deep Latent Variable Models of
        Natural Language, section 3, https://arxiv.org/abs/1812.06834

    Example:
        >>> model = MixtureOfRNNs(vocabulary_size=9, num_components=2)
        >>> tokens = torch.tensor([[4, 5, 6], [7, 0, 0]])
        >>> model.responsibilities(tokens, tokens > 0).sum(-1)
        tensor([1., 1.], grad_fn=<SumBackward1>)
    """

    def __init__(
        self, vocabulary_size: int, num_components: int, embedding_size: int = 16, hidden: int = 32
    ) -> None:
        super().__init__()
        self.prior_logits = nn.Parameter(torch.zeros(num_components))
        self.components = nn.ModuleList(
            LanguageModel(Decoder(vocabulary_size, 0, embedding_size, hidden))
            for _ in range(num_components)
        )

    def log_joint(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """log p(x, z) of sentences `[B, T]` with every component, `[B, K]`, nats."""
        log_likelihood = [model.log_prob(tokens, mask) for model in self.components]
        return self.prior_logits.log_softmax(-1) + torch.stack(log_likelihood, dim=-1)

    def log_evidence(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """log p(x) of sentences `[B, T]`, `[B]`, nats; the end of a sentence counts as a word."""
        return self.log_joint(tokens, mask).logsumexp(-1)

    def responsibilities(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """p(z | x), `[B, K]`."""
        return self.log_joint(tokens, mask).softmax(-1)
