# right: log p(x) = x a − softplus(a)
from torch import Tensor
from torch.nn.functional import softplus


def coin_log_pmf(logits: Tensor, x: Tensor) -> Tensor:
    return x * logits - softplus(logits)
