# wrong: gradients of earlier steps add up
import torch


def refine_locally(mean, log_sd, elbo):
    m, a = mean.detach().clone().requires_grad_(), log_sd.detach().clone().requires_grad_()
    optimiser = torch.optim.Adam([m, a], lr=0.1)
    for _ in range(100):
        (-elbo(m, a).sum()).backward()
        optimiser.step()
    return m.detach(), a.detach()
