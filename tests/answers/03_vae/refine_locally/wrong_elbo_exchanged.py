# wrong: its arguments are exchanged
import torch


def refine_locally(mean, log_sd, elbo):
    m, a = mean.detach().clone().requires_grad_(), log_sd.detach().clone().requires_grad_()
    optimiser = torch.optim.Adam([m, a], lr=0.1)
    for _ in range(100):
        optimiser.zero_grad()
        (-elbo(a, m).sum()).backward()
        optimiser.step()
    return m.detach(), a.detach()
