"""The posterior of a mixture over sentences: run every component, then normalise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.distributions import Categorical

from vilib import exact
from vilib.checks.careful import careful
from vilib.checks.judge import as_value, expect
from vilib.checks.mistake import Mistake, passed

__all__ = ["Bigram", "rnn_posterior_is_exact"]

WHAT = "p(z|x)"
Component = Callable[[Tensor], Tensor]
Posterior = Callable[[Sequence[Component], Tensor, Tensor, Tensor], Tensor]


class Bigram:
    """A component that looks at the last word: logits of each word given the one before.

    It counts how often it is called, as a network would cost time.

    Args:
        table: Logits, `[V + 1, V]`; row 0 is for the beginning, row 1 + v for word v.
    """

    def __init__(self, table: Tensor) -> None:
        self.table, self.calls = table, 0

    def __call__(self, tokens: Tensor) -> Tensor:
        """Logits of word t given the words before it, `[B, T]` → `[B, T, V]`."""
        self.calls += 1
        start = tokens.new_full((len(tokens), 1), -1)
        return self.table[torch.cat([start, tokens[:, :-1]], dim=1) + 1]


@careful
def rnn_posterior_is_exact(
    rnn_posterior: Posterior, *, seed: int, num_components: int = 3, num_words: int = 5
) -> None:
    """p(z|x) of a mixture of language models, against enumeration word by word.

    Args:
        rnn_posterior: The learner's function: K components (tokens `[B, T]` → logits `[B, T, V]`),
            log prior `[K]`, tokens `[B, T]`, mask `[B, T]` → `[B, K]`.
        seed: Draws the components and the sentences, which are 1 to 6 words long.
        num_components: K.
        num_words: V.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> rnn_posterior_is_exact(lambda models, prior, tokens, mask: prior, seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: p(z|x) is not right: its shape is (3,), not (4, 3)...
    """
    generator = torch.Generator().manual_seed(seed)
    K, V = num_components, num_words
    tables = torch.randn(K, V + 1, V, generator=generator, dtype=torch.double)
    # logits may be shifted by anything, and by another amount at every step
    tables = tables + torch.randn(K, V + 1, 1, generator=generator, dtype=torch.double)
    log_prior = torch.randn(K, generator=generator, dtype=torch.double).log_softmax(-1)
    models = [Bigram(table) for table in tables]
    for lengths in ((6, 3, 1, 4), (900, 400)):
        mask = torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]
        tokens = torch.randint(V, mask.shape, generator=generator) * mask
        truth = enumerated(tables, log_prior, tokens, lengths)
        before = [model.calls for model in models]
        yours = rnn_posterior(models, log_prior.clone(), tokens.clone(), mask.clone())
        spent = [model.calls - b for model, b in zip(models, before)]
        yours = as_value(WHAT, yours, truth)
        if max(lengths) > 100 and not torch.isfinite(yours.detach()).all():
            raise Mistake(
                WHAT, "p(x, z) is too small for a float: normalise before exp", yours=yours
            )
        if not (max(lengths) > 100 and near_in_single(yours, truth)):
            expect(WHAT, yours, truth, mistakes(tables, log_prior, tokens, mask))
        if max(spent) > 1:
            raise Mistake(WHAT, f"a component was run {max(spent)} times on a batch; once will do")
    passed(f"p(z|x) of sentences under {K} language models, each run once; long sentences too")


def near_in_single(yours: Tensor, truth: Tensor) -> bool:
    """Whether a float32 answer is as near as a sum of a thousand terms can be in float32."""
    if yours.dtype != torch.float32 or yours.shape != truth.shape:
        return False
    return bool((yours.detach().double() - truth).abs().max() < 5e-3)


def per_word(tables: Tensor, tokens: Tensor) -> Tensor:
    """log p(xₜ | xₜ₋₁, z) at every position, padding included, `[K, B, T]`."""
    before = torch.cat([tokens.new_full((len(tokens), 1), -1), tokens[:, :-1]], dim=1) + 1
    return torch.stack([Categorical(logits=table[before]).log_prob(tokens) for table in tables])


def enumerated(tables: Tensor, log_prior: Tensor, tokens: Tensor, lengths: Sequence[int]) -> Tensor:
    """p(z | x), `[B, K]`, by a sum over the components of each sentence, cut to its length."""
    components = exact.enumerate_support(Categorical(logits=log_prior))
    rows = []
    for sentence, length in zip(tokens, lengths):
        fit = per_word(tables, sentence[None, :length])[:, 0].sum(-1)
        rows.append(exact.posterior(lambda z, fit=fit: log_prior[z] + fit[z], components).exp())
    return torch.stack(rows)


def picked(log_p: Tensor, tokens: Tensor, on: Tensor) -> Tensor:
    """Entries of the words that were read, `[K, B, T, V]` → sums over the words, `[B, K]`."""
    index = tokens.expand(len(log_p), -1, -1)[..., None]
    return (log_p.gather(-1, index)[..., 0].permute(1, 2, 0) * on).sum(1)


def logit_mistakes(
    tables: Tensor, log_prior: Tensor, tokens: Tensor, on: Tensor
) -> dict[str, Tensor]:
    """What comes of logits that are normalised wrongly or belong to other words, `[B, K]`."""
    before = torch.cat([tokens.new_full((len(tokens), 1), -1), tokens[:, :-1]], 1) + 1
    logits = tables[:, before]  # [K, B, T, V]
    late = picked(logits[:, :, :-1].log_softmax(-1), tokens[:, 1:], on[:, 1:])
    return {
        "the logits are not normalised: log_softmax over words first": (
            (log_prior + picked(logits, tokens, on)).softmax(-1)
        ),
        "the words are one step late: logits[:, t] belong to tokens[:, t]": (
            (log_prior + late).softmax(-1)
        ),
        "the logits are normalised over time: log_softmax over words": (
            (log_prior + picked(logits.log_softmax(2), tokens, on)).softmax(-1)
        ),
    }


def mistakes(tables: Tensor, log_prior: Tensor, tokens: Tensor, mask: Tensor) -> dict[str, Tensor]:
    """What each known mistake gives for p(z | x), `[B, K]`."""
    each = per_word(tables, tokens).permute(1, 2, 0)  # [B, T, K]
    on = mask[..., None].double()
    fit, length = (each * on).sum(1), on.sum(1)
    anew = ((log_prior + each).softmax(-1) * on).sum(1) / length
    last = mask.sum(-1) - 1
    return logit_mistakes(tables, log_prior, tokens, on) | {
        "the logarithm came back: exponentiate": (log_prior + fit).log_softmax(-1),
        "padding is counted": (log_prior + each.sum(1)).softmax(-1),
        "the prior is ignored": fit.softmax(-1),
        "the prior is counted once per word: a sentence chooses z once": (
            (fit + length * log_prior).softmax(-1)
        ),
        "the log probability is averaged over words; it is a sum": (
            (log_prior + fit / length).softmax(-1)
        ),
        "the component is chosen anew for every word: sum over words, then normalise": anew,
        "there is a posterior for each word, multiplied: a sentence chooses z once": (
            ((log_prior + each).log_softmax(-1) * on).sum(1).exp()
        ),
        "word 0 is left out: it is a word, and only the mask knows the padding": (
            (log_prior + (each * on * (tokens != 0)[..., None]).sum(1)).softmax(-1)
        ),
        "the mask is turned round: True is on words": (
            (log_prior + (each * (1 - on)).sum(1)).softmax(-1)
        ),
        "the log probabilities have the wrong sign: cross entropy is minus their sum": (
            (log_prior - fit).softmax(-1)
        ),
        "probabilities are summed where their logarithms belong": (
            (log_prior + (each.exp() * on).sum(1)).softmax(-1)
        ),
        "only the first word is looked at": (log_prior + each[:, 0]).softmax(-1),
        "only the last word is looked at": (
            (log_prior + each[torch.arange(len(tokens)), last]).softmax(-1)
        ),
        "it is normalised over sentences, not over components": (log_prior + fit).softmax(0),
        "it is not normalised: divide by p(x)": (log_prior + fit).exp(),
        "the prior is added without its logarithm": (log_prior.exp() + fit).softmax(-1),
    }
