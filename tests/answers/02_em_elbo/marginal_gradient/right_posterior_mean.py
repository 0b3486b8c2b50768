# right: the posterior mean of the joint's gradient
import torch


def marginal_gradient(log_prior, word_logits, counts):
    eta = word_logits.clone().requires_grad_()
    joint = log_prior + counts @ eta.log_softmax(-1).T
    r = joint.detach().softmax(-1)
    return torch.autograd.grad((r * joint).sum(), eta)[0]
