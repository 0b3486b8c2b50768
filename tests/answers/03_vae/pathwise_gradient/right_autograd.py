# right: autograd through the sample
import torch


def pathwise_gradient(slope, mean, log_sd, noise):
    m, a = mean.clone().requires_grad_(), log_sd.clone().requires_grad_()
    z = m + a.exp() * noise
    return torch.autograd.grad(z, (m, a), slope(z.detach()) / len(noise))
