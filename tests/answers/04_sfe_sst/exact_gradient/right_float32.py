# right: autograd through softplus, in float32
import torch


def exact_gradient(logits, masks, rewards):
    logits = logits.float().requires_grad_()
    log_q = (masks.float() * logits - torch.nn.functional.softplus(logits)).sum(-1)
    (log_q.exp() @ rewards.float()).backward()
    return logits.grad
