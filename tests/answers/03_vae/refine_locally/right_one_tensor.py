# right: both in one tensor, with parameters of their own
import torch


def refine_locally(mean, log_sd, elbo):
    both = torch.nn.Parameter(torch.cat([mean, log_sd], -1).detach())
    optimiser = torch.optim.Adam([both], lr=0.1)
    for _ in range(100):
        loss = -elbo(*both.chunk(2, -1)).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return tuple(half.detach() for half in both.chunk(2, -1))
