# wrong: it is the smallest key
import torch
from torch.nn.functional import one_hot


def gumbel_max(logits, u):
    keys = -logits + torch.log(-torch.log(u))
    return one_hot(keys.argmax(-1), logits.shape[-1]).to(logits.dtype)
