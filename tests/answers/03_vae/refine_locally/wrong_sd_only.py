# wrong: only the log sd moved
import torch


def refine_locally(mean, log_sd, elbo):
    m, a = mean.detach().clone().requires_grad_(), log_sd.detach().clone().requires_grad_()
    optimiser = torch.optim.Adam([a], lr=0.05)
    for _ in range(300):
        optimiser.zero_grad()
        (-elbo(m, a).sum()).backward()
        optimiser.step()
    return m.detach(), a.detach()
