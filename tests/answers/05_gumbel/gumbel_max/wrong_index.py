# wrong: it is the index of the face
import torch


def gumbel_max(logits, u):
    keys = logits - torch.log(-torch.log(u))
    return keys.argmax(-1)
