# wrong: it draws numbers of its own
import torch
from torch.distributions import RelaxedOneHotCategorical


def concrete_sample(logits, noise, temperature):
    return RelaxedOneHotCategorical(torch.tensor(temperature), logits=logits).rsample((len(noise),))


def concrete_log_density(s, logits, temperature):
    K, t = s.shape[-1], torch.tensor(temperature, dtype=s.dtype)
    pull = logits - t * s.log()
    return (
        torch.tensor(K, dtype=s.dtype).lgamma()
        + (K - 1) * t.log()
        + (pull - s.log()).sum(-1)
        - K * pull.logsumexp(-1)
    )
