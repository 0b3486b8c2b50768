# right: autograd through the logsumexp
import torch


def marginal_gradient(log_prior, word_logits, counts):
    eta = word_logits.clone().requires_grad_()
    joint = log_prior + counts @ eta.log_softmax(-1).T
    (slope,) = torch.autograd.grad(joint.logsumexp(-1).sum(), eta)
    return slope
