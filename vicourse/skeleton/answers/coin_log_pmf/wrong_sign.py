# wrong: the sign is flipped
from torch import Tensor
from torch.distributions import Bernoulli


def coin_log_pmf(logits: Tensor, x: Tensor) -> Tensor:
    return -Bernoulli(logits=logits).log_prob(x)
