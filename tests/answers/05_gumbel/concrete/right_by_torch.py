# right: by torch
import torch
from torch.distributions import RelaxedOneHotCategorical


def concrete_sample(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)


def concrete_log_density(s, logits, temperature):
    t = torch.tensor(temperature, dtype=s.dtype)
    return RelaxedOneHotCategorical(t, logits=logits, validate_args=False).log_prob(s)
