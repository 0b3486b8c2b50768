"""Wake-sleep: the model learns from data, the approximate posterior from the model's dreams."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.distributions import Distribution

from vilib.bounds.log_weights import draw
from vilib.estimators.contract import evaluate

__all__ = ["sleep", "wake"]


def wake(q: Distribution, log_joint: Callable[[Tensor], Tensor], num_samples: int = 1) -> Tensor:
    """The wake phase: data are explained by q, and the model is fitted to the explanations.

        ∇_θ = E_q[∇_θ log p(x, z | θ)]

    This is the ELBO's gradient in θ. There is none in λ: samples and log q are held fixed.

    Args:
        q: The approximate posterior at data, batch shape `[B]` (or `[]`).
        log_joint: z ↦ log p(x, z | θ); maps `[S, B, *event]` to `[S, B]`.
        num_samples: S.

    Returns:
        To be maximised in θ, `[B]`, nats; its value is that of the ELBO from S samples.

    Raises:
        ValueError: `log_joint` returns another shape, or S < 1.

    Source: G. E. Hinton, P. Dayan, B. J. Frey and R. M. Neal, 1995, The "Wake-Sleep" Algorithm for
        Unsupervised Neural Networks, https://doi.org/10.1126/science.7761831

    Example: a coin z with p(z = 1) = σ(θ) learns from q(z = 1) = 1: the gradient is 1 - σ(0).
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> theta, q = torch.zeros(1, requires_grad=True), Bernoulli(torch.ones(1))
        >>> wake(q, lambda z: Bernoulli(logits=theta).log_prob(z)).sum().backward()
        >>> theta.grad
        tensor([0.5000])
    """
    z = draw(q, num_samples).detach()
    return (evaluate(q, log_joint, z) - q.log_prob(z).detach()).mean(0)


def sleep(posterior: Callable[[Tensor], Distribution], x: Tensor, z: Tensor) -> Tensor:
    """The sleep phase: q learns to say which z the model dreamed x from.

        ∇_λ = E_{p(x, z | θ)}[∇_λ log q(z | x, λ)] = -∇_λ E_{p(x)}[KL(p(z | x) ‖ q(z | x))]

    This is *not* the ELBO's gradient in λ: the KL has its arguments exchanged, so q covers the
    posterior instead of seeking a mode of it, and the average is over what the model dreams, not
    over data. Both vanish where q is the posterior. There is no gradient in θ: dreams are fixed.

    Args:
        posterior: x ↦ q(z | x, λ), a distribution with batch shape `[B]`.
        x: Dreamed data `[B, ...]`, from the likelihood at z.
        z: The codes they were dreamed from, `[B, *event]`, from the prior.

    Returns:
        log q(z | x, λ), to be maximised in λ, `[B]`, nats.

    Raises:
        ValueError: log q(z | x) is not `[B]`.

    Source: G. E. Hinton, P. Dayan, B. J. Frey and R. M. Neal, 1995, The "Wake-Sleep" Algorithm for
        Unsupervised Neural Networks, https://doi.org/10.1126/science.7761831

    Example: dreams in which x is a copy of the coin z; q(z | x) = σ(λ x) should learn a large λ.
        >>> import torch
        >>> from torch.distributions import Bernoulli
        >>> weight = torch.zeros((), requires_grad=True)
        >>> z = torch.tensor([0.0, 1.0])
        >>> sleep(lambda x: Bernoulli(logits=weight * x), z.clone(), z).sum().backward()
        >>> weight.grad
        tensor(0.5000)
    """
    values = posterior(x.detach()).log_prob(z.detach())
    if values.shape != x.shape[:1]:
        want, got = list(x.shape[:1]), list(values.shape)
        raise ValueError(f"log q(z | x) must be one value per dream, {want}, got {got}")
    return values
