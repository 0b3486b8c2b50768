# right: the slope of the inverse by autograd
import torch


def density_of_map(y, base, inverse, slope):
    y = y.clone().requires_grad_()
    x = inverse(y)
    (back,) = torch.autograd.grad(x.sum(), y)
    return (base.log_prob(x) + back.abs().log()).detach()
