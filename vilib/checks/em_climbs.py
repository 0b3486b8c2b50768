"""A whole step of EM, and the function that it never lowers."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from vilib.checks.careful import careful
from vilib.checks.judge import as_value, expect
from vilib.checks.m_step_optimal import best_prior, best_words
from vilib.checks.mistake import Mistake, passed
from vilib.checks.mixtures import SmallMixture, draw_mixture
from vilib.checks.pair import two_results

__all__ = ["em_never_falls", "em_step_is_exact", "objective_is_exact"]

Step = Callable[[Tensor, Tensor, Tensor, float], tuple[Tensor, Tensor]]
Objective = Callable[[Tensor, Tensor, Tensor, float], Tensor]
TITLE = "the new (log p(z), log p(w|z))"


@careful
def objective_is_exact(em_objective: Objective, *, seed: int, smoothing: float = 0.7) -> None:
    """log p(x | θ) + log p(θ), summed over documents, against enumeration.

    Args:
        em_objective: The learner's function: log prior `[K]`, log words `[K, V]`, counts `[B, V]`,
            smoothing → `[]`, nats.
        seed: Draws parameters and documents.
        smoothing: Pseudo-count of every word.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> objective_is_exact(lambda p, w, n, a: a * w.sum(), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: what EM climbs is not right: log p(x) is missing...
    """
    small = draw_mixture(seed)
    yours = em_objective(*(part.clone() for part in small), smoothing)
    truth = small.log_evidence().sum() + smoothing * small.log_words.sum()
    expect("what EM climbs", yours, truth, objective_mistakes(small, smoothing))
    passed("log p(x|θ) + log p(θ) of all documents")


def bonus_mistakes(small: SmallMixture, smoothing: float) -> dict[str, Tensor]:
    """What each known mistake with log p(θ) gives."""
    evidence, bonus = small.log_evidence(), smoothing * small.log_words.sum()
    return {
        "log p(θ) is missing: with smoothing, log p(x) alone may fall": evidence.sum(),
        "log p(θ) has the wrong sign": evidence.sum() - bonus,
        "log p(θ) lacks the factor smoothing": evidence.sum() + small.log_words.sum(),
        "log p(θ) has α − 1 for its factor: the smoothing is that already": (
            evidence.sum() + bonus - small.log_words.sum()
        ),
        "log p(θ) has 1 too much for its factor: it is the smoothing": (
            evidence.sum() + bonus + small.log_words.sum()
        ),
        "log p(θ) is averaged over words: it is a sum": (
            evidence.sum() + smoothing * small.log_words.mean()
        ),
        "log p(θ) holds the shares, too: only the word lists are smoothed": (
            evidence.sum() + bonus + smoothing * small.log_prior.sum()
        ),
        "log p(θ) sums probabilities, not logarithms": (
            evidence.sum() + smoothing * small.log_words.exp().sum()
        ),
        "log p(θ) is added once per document": evidence.sum() + len(evidence) * bonus,
    }


def objective_mistakes(small: SmallMixture, smoothing: float) -> dict[str, Tensor]:
    """What each known mistake gives for log p(x | θ) + log p(θ)."""
    evidence, bonus = small.log_evidence(), smoothing * small.log_words.sum()
    joint = small.log_joint()
    q = small.posterior()
    return bonus_mistakes(small, smoothing) | {
        "log p(x) is missing": bonus,
        "the documents are averaged: log p(x) of all of them is a sum": evidence.mean() + bonus,
        "log p(x, z) is summed over components: sum the probabilities": joint.sum() + bonus,
        "p(x, z) lacks the prior": (joint - small.log_prior).logsumexp(-1).sum() + bonus,
        "the sum inside the logarithm runs over documents: it runs over components": (
            joint.logsumexp(0).sum() + bonus
        ),
        "one logarithm is taken of everything: each document has its own": (
            joint.logsumexp((0, 1)) + bonus
        ),
        "log p(z|x) is summed: log p(x) is the logsumexp of log p(x, z)": (
            joint.log_softmax(-1).sum() + bonus
        ),
        "p(x) is summed: its logarithm belongs there": joint.exp().sum() + bonus,
        "only the best component is counted": joint.max(-1).values.sum() + bonus,
        "it is E[log p(x, z)]; the entropy of q is missing": (q * joint).sum() + bonus,
        "the documents are not summed": evidence + bonus,
        "it is negative: EM climbs": -(evidence.sum() + bonus),
    }


@careful
def em_step_is_exact(em_step: Step, *, seed: int, smoothing: float = 0.7) -> None:
    """One step against enumeration of the posterior, then counting by hand.

    Args:
        em_step: The learner's function: log prior `[K]`, log words `[K, V]`, counts `[B, V]`,
            smoothing → (new log prior, new log words).
        seed: Draws parameters and documents.
        smoothing: Pseudo-count of every word.

    Raises:
        Mistake: With the diagnosis.

    Example:
        >>> em_step_is_exact(lambda p, w, n, a: (p, w), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the new log p(w|z) is not right: it has not moved...
    """
    small = draw_mixture(seed, num_documents=6, longest=7)
    returned = em_step(*(part.clone() for part in small), smoothing)
    prior, words = two_results(TITLE, returned)
    q, n = small.posterior(), small.counts
    others = wrong_posteriors(small)
    moved = (best_prior(q).log(), best_words(q, n, smoothing).log(), n)
    again = SmallMixture(*moved).posterior()
    mistakes = {"it has not moved": small.log_words} | {
        why: best_words(wrong, n, smoothing).log() for why, wrong in others.items()
    }
    mistakes |= {
        "the smoothing is missing": best_words(q, n, 0.0).log(),
        "it is not a logarithm": best_words(q, n, smoothing),
        "the smoothing is in the numerator only": (
            ((q.T @ n + smoothing) / (q.T @ n).sum(-1, keepdim=True)).log()
        ),
        "two steps were made: one is asked for": best_words(again, n, smoothing).log(),
        "it is normalised over components": ((q.T @ n + smoothing).log()).log_softmax(0),
        "it is not normalised": (q.T @ n + smoothing).log(),
    }
    expect("the new log p(w|z)", words, best_words(q, n, smoothing).log(), mistakes)
    mistakes = {"it has not moved": small.log_prior, "it is not a logarithm": best_prior(q)}
    mistakes |= {why: best_prior(wrong).log() for why, wrong in others.items()}
    mistakes["it is not divided by the number of documents"] = q.sum(0).log()
    mass, words = q.sum(0) + smoothing, (q.T @ n).sum(-1)
    mistakes |= {
        "it is smoothed too; only the word lists have pseudo-counts": (mass / mass.sum()).log(),
        "the documents are weighted by their length": (words / words.sum()).log(),
    }
    expect("the new log p(z)", prior, best_prior(q).log(), mistakes)
    passed("one step of EM: the exact posterior, then expected counts")


@careful
def em_never_falls(
    em_step: Step, em_objective: Objective, *, seed: int, num_starts: int = 3, num_steps: int = 12
) -> None:
    """From several starts the objective, as the learner computes it, never falls.

    Args:
        em_step: As in `em_step_is_exact`.
        em_objective: As in `objective_is_exact`.
        seed: Draws documents and starts.
        num_starts: How many runs, with smoothing 0.5, 1.0, 1.5 …
        num_steps: Steps of each.

    Raises:
        Mistake: With the step at which it fell.

    Example:
        >>> em_never_falls(lambda p, w, n, a: (p, w - 1), lambda p, w, n, a: w.sum(), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: what EM climbs is not right: it fell in step 1 of run 1...
    """
    for run in range(num_starts):
        log_prior, log_words, n = draw_mixture(seed + run, num_documents=8, longest=9)
        smoothing, before = 0.5 * (run + 1), None
        for step in range(num_steps + 1):
            value = em_objective(log_prior.clone(), log_words.clone(), n.clone(), smoothing)
            climbed = as_value("what EM climbs", value, n)
            if climbed.numel() != 1 or not bool(climbed.isfinite().all()):
                raise Mistake("what EM climbs", "one finite number is expected", yours=climbed)
            now = float(climbed)
            slack = 1e-9 if getattr(value, "dtype", None) == torch.double else 1e-5
            if before is not None and now < before - slack * abs(before):
                why = f"it fell in step {step} of run {run + 1}"
                raise Mistake("what EM climbs", why, yours=now, expected=f"at least {before:.6g}")
            before = now
            moved = em_step(log_prior.clone(), log_words.clone(), n.clone(), smoothing)
            log_prior, log_words = map(torch.as_tensor, two_results(TITLE, moved))
    passed(f"it never fell in {num_starts} runs of {num_steps} steps")


def wrong_posteriors(small: SmallMixture) -> dict[str, Tensor]:
    """What is used in the place of p(z | x) by mistake, `[B, K]`."""
    joint = small.log_joint()
    K = joint.shape[1]
    return {
        "the E-step chooses: each document goes to its likeliest component": (
            one_hot(joint.argmax(-1), K).double()
        ),
        "the E-step ignores the prior": (joint - small.log_prior).softmax(-1),
        "the E-step normalises over documents": joint.softmax(0),
        "the E-step sums probabilities of words where their logarithms belong": (
            (small.log_prior + small.counts @ small.log_words.exp().T).softmax(-1)
        ),
        "the E-step is missing: all components get equal shares": torch.full_like(joint, 1 / K),
        "the E-step uses the prior; the words are not looked at": (
            small.log_prior.softmax(-1).expand_as(joint)
        ),
    }
