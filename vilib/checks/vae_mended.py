"""A VAE's loss with four planted bugs: which of them are still in it?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from vilib.checks.careful import careful
from vilib.checks.judge import agree, expect
from vilib.checks.mistake import Mistake, passed
from vilib.checks.own_draws import same_again

__all__ = ["vae_is_mended"]

Network = Callable[[Tensor], Tensor]
Nelbo = Callable[[Tensor, Network, Network, Tensor], Tensor]

BUGS = {
    "scale": "the log variance is exponentiated into a standard deviation: σ = exp(½ log σ²)",
    "path": "z is detached: the encoder hears nothing from the decoder",
    "kl": "the KL is averaged over dimensions: it sums over them",
    "pixels": "the reconstruction is averaged over pixels: log probabilities add up",
}


@careful
def vae_is_mended(mended_nelbo: Nelbo, *, seed: int) -> None:
    """The loss and its gradients in both networks, against a VAE written another way.

    Args:
        mended_nelbo: x `[B, P]`, encoder, decoder, noise `[B, D]` → the mean nelbo `[]`. The
            encoder gives `[B, 2D]`, means and log variances; the decoder gives logits `[B, P]`.
        seed: Draws networks, pictures and noise.

    Raises:
        Mistake: It names each of the four planted bugs that is still there.

    Example:
        >>> vae_is_mended(lambda x, encode, decode, noise: encode(x).mean(), seed=1)
        Traceback (most recent call last):
        vilib.checks.mistake.Mistake: the mended loss is not right...
    """
    x, noise, W, V = draw(seed)
    leaves = W.requires_grad_(), V.requires_grad_()

    def encode(x: Tensor) -> Tensor:
        return x @ W

    def decode(z: Tensor) -> Tensor:
        return torch.tanh(z) @ V

    yours = mended_nelbo(x.clone(), encode, decode, noise.clone())
    if not isinstance(yours, Tensor) or not yours.requires_grad:
        expect("the mended loss", yours, nelbo(x, encode, decode, noise, frozenset()).detach())
        raise Mistake("the mended loss", "no gradient flows back from it")
    truth = judged(nelbo(x, encode, decode, noise, frozenset()), leaves)
    same_again("the mended loss", yours, mended_nelbo(x.clone(), encode, decode, noise.clone()))
    if yours.shape == () and not all(map(agree, judged(yours, leaves), truth)):
        name_bugs(judged(yours, leaves), x, encode, decode, noise, leaves)
    expect("the mended loss", yours, truth[0], other_mistakes(x, encode, decode, noise))
    in_encoder, in_decoder = judged(yours, leaves)[1:]
    cut = {
        f"{what} is detached on the way into z": judged(
            nelbo(x, encode, decode, noise, frozenset({what})), leaves
        )[1]
        for what in ("the mean", "the standard deviation")
    }
    expect("the mended loss's gradient in the encoder", in_encoder, truth[1], cut)
    expect("the mended loss's gradient in the decoder", in_decoder, truth[2])
    passed("none of the four bugs is left: value and gradients in both networks are right")


def draw(seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Pictures `[B, P]`, noise `[B, D]`, and the weights of two small networks, float64."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.double)

    B, P, D = 4, 6, 3
    x = (torch.rand((B, P), generator=generator) < 0.5).double()
    x[:, 0] = 1.0  # no picture is empty: an encoder without offset would give zeros
    return x, normal(B, D), 0.6 * normal(P, 2 * D), normal(D, P)


def judged(loss: Tensor, leaves: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """The loss and its gradients in the weights of encoder and decoder."""
    found = torch.autograd.grad(loss.sum(), leaves, retain_graph=True, allow_unused=True)
    grads = (torch.zeros_like(w) if g is None else g for w, g in zip(leaves, found))
    return loss.detach(), *grads


def nelbo(
    x: Tensor, encode: Network, decode: Network, noise: Tensor, bugs: frozenset[str]
) -> Tensor:
    """The mean nelbo with some of the bugs, `[]`, out of torch's own distributions.

    Two more may be asked for, which nobody planted: "the mean" or "the standard deviation" is
    detached on the way into z.
    """
    mean, log_variance = encode(x).chunk(2, -1)
    sd = log_variance.exp() if "scale" in bugs else (log_variance / 2).exp()
    from_mean = mean.detach() if "the mean" in bugs else mean
    z = from_mean + (sd.detach() if "the standard deviation" in bugs else sd) * noise
    logits = decode(z.detach() if "path" in bugs else z)
    # the KL of the broken loss is right about the variance: it reads the encoder itself
    q = torch.distributions.Normal(mean, (log_variance / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mean), 1.0)
    kl = torch.distributions.kl_divergence(q, p)
    told = torch.distributions.Bernoulli(logits=logits).log_prob(x)
    rate = kl.mean(-1) if "kl" in bugs else kl.sum(-1)
    return (rate - (told.mean(-1) if "pixels" in bugs else told.sum(-1))).mean()


def name_bugs(
    yours: tuple[Tensor, ...],
    x: Tensor,
    encode: Network,
    decode: Network,
    noise: Tensor,
    leaves: tuple[Tensor, ...],
) -> None:
    """Raise a `Mistake` if value and gradients are those of some of the bugs together."""
    for count in range(1, len(BUGS) + 1):
        for left in combinations(BUGS, count):
            wrong = judged(nelbo(x, encode, decode, noise, frozenset(left)), leaves)
            if all(map(agree, yours, wrong)):
                number = {1: "one bug is", 2: "two bugs are", 3: "three bugs are"}
                said = f"{number.get(count, 'all four bugs are')} still there"
                lines = "".join(f"\n  - {BUGS[bug]}" for bug in left)
                raise Mistake("the mended loss", f"{said}:{lines}")


def other_mistakes(x: Tensor, encode: Network, decode: Network, noise: Tensor) -> dict[str, Tensor]:
    """What other repairs give that are none, `[]`."""
    mean, log_variance = encode(x).chunk(2, -1)
    kl = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1).mean()
    z = mean + (log_variance / 2).exp() * noise

    def told(z: Tensor) -> Tensor:
        """The cross-entropy of a batch, from other samples."""
        bits = binary_cross_entropy_with_logits(decode(z), x, reduction="none")
        return bits.sum(-1).mean()

    cross_entropy = told(z)
    B = len(x)
    as_log_sd = 0.5 * ((2 * log_variance).exp() + mean**2 - 1 - 2 * log_variance).sum(-1).mean()
    halved = mean + 0.5 * log_variance.exp() * noise
    found = {
        "the KL has the wrong sign": cross_entropy - kl,
        "the KL is missing": cross_entropy,
        "it is the ELBO: a loss is to be lowered": -cross_entropy - kl,
        "the decoder is shown the mean, not a sample": told(mean) + kl,
        "½ multiplies the variance; it belongs into the exponent: exp(½ log σ²)": told(halved) + kl,
        "the encoder's second half is taken for log σ throughout: it is log σ²": (
            told(mean + log_variance.exp() * noise) + as_log_sd
        ),
        "it is summed over the batch, not averaged": (cross_entropy + kl) * B,
        "the KL is summed over the batch, too; the rest is averaged": cross_entropy + kl * B,
        "the reconstruction is summed over the batch, too; the KL is averaged": (
            cross_entropy * B + kl
        ),
        "the factor ½ of the KL is missing": cross_entropy + 2 * kl,
        "σ stands in the rate where σ² belongs: in the broken loss that was right": (
            cross_entropy + kl + 0.5 * (log_variance / 2).exp().sub(log_variance.exp()).sum() / B
        ),
    }
    return {sentence: value.detach() for sentence, value in found.items()}
