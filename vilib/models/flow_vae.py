"""A VAE whose posterior bends, or whose prior does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from torch import Tensor, nn
from torch.distributions import Distribution

from vilib.bounds.rate_distortion import RateDistortion
from vilib.datasets import Images, binarise
from vilib.flows import (
    Amortised,
    Chain,
    CouplingStack,
    Flow,
    InverseAutoregressive,
    PlanarStack,
    StandardNormal,
)
from vilib.models.flow_presets import FlowPreset
from vilib.models.vae import VAE, gaussian, perceptron
from vilib.models.vae_experiment import PixelBatches, seeded
from vilib.training import History, optimisers, train

__all__ = ["FlowVAE", "FlowVAERun", "held_out_pictures", "train_flow_vae"]

Kind = Literal["Gaussian", "planar", "coupling", "IAF"]


class FlowVAE(VAE):
    """A VAE of pictures with layers behind its Gaussian posterior, or behind its prior.

        z₀ ~ N(μ(x), diag σ²(x)),  z = f(z₀; h(x)),  log q(z | x) = log q(z₀ | x) − log |det ∂f|

    h is the last hidden layer of the encoder. Planar layers take all their parameters from it, by
    one linear map; coupling and autoregressive layers have networks that see it.

    Args:
        num_pixels: P.
        preset: Of `FLOW_PRESETS`.
        posterior: "Gaussian", "planar", "coupling" or "IAF".
        num_layers: K of the posterior.
        prior_layers: Coupling layers of the prior; 0 leaves N(0, I).
        hidden: Width of the encoder's hidden layers, if not the preset's.

    Source: D. J. Rezende and S. Mohamed, 2015, Variational Inference with Normalizing Flows,
        https://arxiv.org/abs/1505.05770; D. P. Kingma et al., 2016, Improving Variational Inference
        with Inverse Autoregressive Flow, https://arxiv.org/abs/1606.04934

    Example:
        >>> from vilib.models.flow_presets import FLOW_PRESETS
        >>> _ = torch.manual_seed(1)
        >>> model = FlowVAE(64, FLOW_PRESETS["class"], "planar", num_layers=8)
        >>> model.posterior(torch.ones(5, 64)).rsample((3,)).shape
        torch.Size([3, 5, 2])
    """

    def __init__(
        self,
        num_pixels: int,
        preset: FlowPreset,
        posterior: Kind = "Gaussian",
        num_layers: int = 4,
        prior_layers: int = 0,
        hidden: int | None = None,
    ) -> None:
        vae = preset.vae
        super().__init__(num_pixels, vae.num_latents, vae.hidden, vae.num_layers)
        D, C = vae.num_latents, hidden or vae.hidden
        self.encoder = perceptron(num_pixels, C, vae.num_layers, 2 * D)
        units = (preset.context_hidden,)
        self.layers = build_layers(posterior, D, C, num_layers, units)
        self.prior_layers = from_identity(D, prior_layers, units) if prior_layers else None

    def posterior(self, x: Tensor) -> Distribution:
        """q(z | x) for pictures `[B, P]`; batch shape `[B]`, event shape `[D]`."""
        h = self.encoder[:-1](2 * x - 1)
        mean, log_variance = self.encoder[-1](h).chunk(2, -1)
        base = gaussian(mean, (0.5 * log_variance).exp())
        if self.layers is None:
            return base
        own = self.layers(h) if isinstance(self.layers, Amortised) else self.layers.given(h)
        return Flow(base, own, validate_args=False)

    def prior(self) -> Distribution:
        """p(z), batch shape `[]`."""
        if self.prior_layers is None:
            return super().prior()
        device = next(self.decoder.parameters()).device
        base = StandardNormal(self.num_latents, device=device)
        # the density of codes is asked for in every step, samples only to look at
        return Flow(base, self.prior_layers.inv, validate_args=False)

    def terms(self, x: Tensor, num_samples: int = 1) -> RateDistortion:
        """Rate and distortion of pictures `[B, P]`, both from samples, `[B]` each."""
        q, size = self.posterior(x), torch.Size([num_samples])
        if isinstance(q, Flow):
            z, log_q = q.rsample_and_log_prob(size)
        else:
            z = q.rsample(size)
            log_q = q.log_prob(z)
        rate = (log_q - self.prior().log_prob(z)).mean(0)
        return RateDistortion(rate, -self.log_likelihood(x, z).mean(0))


def from_identity(dim: int, num_layers: int, units: tuple[int, ...]) -> CouplingStack:
    """Coupling layers that do nothing yet: a prior that begins far from N(0, I) rarely comes back.

    Example:
        >>> from_identity(2, 3, (8,))(torch.tensor([1.0, -2.0]))
        tensor([ 1., -2.], grad_fn=...)
    """
    stack = CouplingStack(dim, num_layers, units)
    for network in stack.networks:
        nn.init.zeros_(network[-1].weight)
        nn.init.zeros_(network[-1].bias)
    return stack


def build_layers(
    kind: Kind, dim: int, context: int, num_layers: int, units: tuple[int, ...]
) -> nn.Module | None:
    """The layers of a posterior, by name.

    Raises:
        ValueError: There is no such posterior.
    """
    if kind == "Gaussian":
        return None
    if kind == "planar":
        return Amortised(context, dim, PlanarStack, length=num_layers)
    if kind == "coupling":
        return CouplingStack(dim, num_layers, units, context=context)
    if kind == "IAF":
        return Chain(
            InverseAutoregressive(dim, units, reverse=bool(k % 2), context=context)
            for k in range(num_layers)
        )
    raise ValueError(f"no posterior {kind!r}; there are Gaussian, planar, coupling and IAF")


class FlowVAERun(NamedTuple):
    """A trained VAE and its epochs."""

    model: FlowVAE
    history: History


def held_out_pictures(images: Images, preset: FlowPreset) -> Tensor:
    """Test pictures as zeros and ones, fixed, `[B, P]`: all, or as many as the preset has.

    They are drawn from the whole split, always the same: files may be sorted by class.

    Example:
        >>> from vilib.datasets import digits
        >>> from vilib.models.flow_presets import FLOW_PRESETS
        >>> held_out_pictures(digits(), FLOW_PRESETS["class"]).shape
        torch.Size([300, 64])
    """
    pictures = images.binarised().test.flat
    if preset.vae.num_test is None:
        return pictures
    generator = torch.Generator().manual_seed(1)
    return pictures[torch.randperm(len(pictures), generator=generator)[: preset.vae.num_test]]


def train_flow_vae(
    images: Images,
    build: Callable[[int], FlowVAE],
    preset: FlowPreset,
    *,
    seed: int,
    device: torch.device | str = "cpu",
    name: str = "VAE",
    progress: bool = True,
) -> FlowVAERun:
    """Train on the train split, binarised afresh in every epoch.

    Args:
        images: Greys, or zeros and ones.
        build: P ↦ an untrained model.
        preset: Of `FLOW_PRESETS`.
        seed: Of weights, order and draws; the caller's random state is left as it was.
        device: Where to train.
        name: For the progress line.
        progress: Whether to show it.
    """
    device, vae = torch.device(device), preset.vae
    batches = PixelBatches(images.train.flat.to(device), vae.batch_size, binarise)
    with seeded(seed, device):
        model = build(batches.pixels.shape[1]).to(device)

        def objective(x: Tensor) -> dict[str, Tensor]:
            """The mean nelbo of a batch from one sample each, and its rate."""
            rate, distortion = model.terms(x)
            return {"loss": (rate + distortion).mean(), "rate": rate.mean()}

        history = train(
            objective,
            batches,
            optimisers(model, vae.learning_rate),
            vae.epochs(len(batches.pixels)),
            schedule=lambda share: 1 - 0.9 * share,
            name=name,
            progress=progress,
        )
    return FlowVAERun(model.eval(), history)
