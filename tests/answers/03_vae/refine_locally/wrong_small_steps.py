# wrong: it has not arrived
import torch


def refine_locally(mean, log_sd, elbo):
    m, a = mean.detach().clone().requires_grad_(), log_sd.detach().clone().requires_grad_()
    optimiser = torch.optim.SGD([m, a], lr=1e-4)
    for _ in range(100):
        optimiser.zero_grad()
        (-elbo(m, a).mean()).backward()
        optimiser.step()
    return m.detach(), a.detach()
