# wrong: the outcomes 0 and 1 are swapped
from torch import Tensor
from torch.distributions import Bernoulli


def coin_log_pmf(logits: Tensor, x: Tensor) -> Tensor:
    return Bernoulli(logits=logits).log_prob(1 - x)
