# right: the mean over the batch, Adam makes up for it
import torch


def refine_locally(mean, log_sd, elbo):
    m, a = mean.detach().clone().requires_grad_(), log_sd.detach().clone().requires_grad_()
    optimiser = torch.optim.Adam([m, a], lr=0.1, maximize=True)
    for _ in range(120):
        optimiser.zero_grad()
        elbo(m, a).mean().backward()
        optimiser.step()
    return m.detach(), a.detach()
