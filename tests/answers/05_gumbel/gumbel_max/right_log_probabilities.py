# right: normalised first, by comparison with the maximum
import torch


def gumbel_max(logits, u):
    keys = logits.log_softmax(-1) + -torch.log(-torch.log(u))
    return (keys == keys.amax(-1, keepdim=True)).to(logits)
