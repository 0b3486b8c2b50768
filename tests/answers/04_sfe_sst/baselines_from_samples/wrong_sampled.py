# wrong: it differs from call to call: it is sampled, the argmax is not
import torch


def leave_one_out(rewards):
    return ((rewards.sum(0) - rewards) / (len(rewards) - 1)).detach()


def argmax_mask(logits, mask):
    return torch.bernoulli(torch.sigmoid(logits)) * mask
