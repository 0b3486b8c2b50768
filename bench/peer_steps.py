"""The same training steps with other libraries, where they are installed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec

import torch
from torch import Tensor, nn
from torch.distributions import Bernoulli

from bench.vae_step import FAMILIES, Step, log_likelihood

__all__ = ["pyro_scalar", "storchastic_scalar", "storchastic_vae"]

SCALAR_STEPS = 100


def pyro_scalar() -> Mapping[str, Callable[[], int]]:
    """Pyro's score function for one Bernoulli and the cost (z - .499)²."""
    if find_spec("pyro") is None:
        return {}
    import pyro
    from pyro.infer import SVI, TraceGraph_ELBO

    def model() -> None:
        z = pyro.sample("z", pyro.distributions.Bernoulli(0.5))
        pyro.factor("reward", (z - 0.499) ** 2)

    def guide() -> None:
        a = pyro.param("a", lambda: torch.tensor(0.0))
        pyro.sample("z", pyro.distributions.Bernoulli(logits=a))

    def run() -> int:
        pyro.clear_param_store()
        svi = SVI(model, guide, pyro.optim.SGD({"lr": 0.01}), TraceGraph_ELBO())
        for _ in range(SCALAR_STEPS):
            svi.step()
        return SCALAR_STEPS

    return {"pyro": run}


def storchastic_scalar() -> Mapping[str, Callable[[], int]]:
    """Storchastic's score function for the same."""
    if find_spec("storch") is None:
        return {}
    import storch

    def run() -> int:
        a = torch.zeros(1, requires_grad=True)
        method = storch.method.ScoreFunction("z", n_samples=1, baseline_factory="none")
        for _ in range(SCALAR_STEPS):
            z = method(Bernoulli(logits=a))
            storch.add_cost(((z - 0.499) ** 2).sum(-1), "reward")
            storch.backward()
            with torch.no_grad():
                a += 0.01 * a.grad
            a.grad = None
        return SCALAR_STEPS

    return {"storchastic": run}


class StorchasticStep(Step):
    """A training step of the Bernoulli VAE with a method of storchastic."""

    def __init__(self, method: object) -> None:
        super().__init__(FAMILIES["bits"], self.unused, repeats=2)
        self.method = method

    def unused(self, a: Tensor, decoder: nn.Module, x: Tensor) -> Tensor:
        """Storchastic goes backward by itself."""
        raise NotImplementedError

    def __call__(self) -> int:
        """Train; the number of steps."""
        import storch

        for _ in range(self.repeats):
            self.optimiser.zero_grad()
            x = storch.denote_independent(self.x, 0, "data")
            a = self.encoder(x)
            z = self.method(Bernoulli(logits=a, validate_args=False))
            storch.add_cost(FAMILIES["bits"].rate(a) - log_likelihood(self.decoder(z), x), "nelbo")
            storch.backward()
            self.optimiser.step()
        return self.repeats


def storchastic_vae(name: str, num_samples: int) -> Mapping[str, Callable[[], int]]:
    """Storchastic's counterpart of one of our estimators, if it has one that runs."""
    if find_spec("storch") is None:
        return {}
    from storch import method

    makers: dict[str, Callable[[], object]] = {
        "score_function": lambda: method.ScoreFunction("z", baseline_factory="none"),
        "score_function_running_mean": lambda: method.ScoreFunction(
            "z", baseline_factory="moving_average"
        ),
        "score_function_leave_one_out": lambda: method.ScoreFunction(
            "z", n_samples=num_samples, baseline_factory="batch_average"
        ),
        "disarm": lambda: method.DisARM("z"),
        "rebar": lambda: method.REBAR("z"),
        "relax": lambda: method.RELAX("z", in_dim=[200]),
    }
    return {"storchastic": StorchasticStep(makers[name]())} if name in makers else {}
