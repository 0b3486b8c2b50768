# wrong: the probability came back, not its logarithm
import torch
from torch import Tensor


def coin_log_pmf(logits: Tensor, x: Tensor) -> Tensor:
    return x * torch.sigmoid(logits) + (1 - x) * torch.sigmoid(-logits)
