# right: where a key equals the largest
import torch


def gumbel_max(logits, u):
    k = logits - torch.log(-torch.log(u))
    return (k == k.amax(-1, keepdim=True)).to(logits)
