# wrong: the call of elbo is not right
import torch


def refine_locally(mean, log_sd, elbo):
    found = []
    for one_mean, one_log_sd in zip(mean, log_sd):
        m, a = one_mean.detach().clone()[None], one_log_sd.detach().clone()[None]
        optimiser = torch.optim.Adam([m.requires_grad_(), a.requires_grad_()], lr=0.1)
        for _ in range(100):
            optimiser.zero_grad()
            (-elbo(m, a).sum()).backward()
            optimiser.step()
        found.append((m.detach(), a.detach()))
    return torch.cat([m for m, _ in found]), torch.cat([a for _, a in found])
