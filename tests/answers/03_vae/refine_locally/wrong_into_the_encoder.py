# wrong: its gradient ran on into the encoder
import torch


def refine_locally(mean, log_sd, elbo):
    d, e = torch.zeros_like(mean).detach(), torch.zeros_like(mean).detach()
    d.requires_grad_(), e.requires_grad_()
    optimiser = torch.optim.Adam([d, e], lr=0.05)
    for _ in range(300):
        optimiser.zero_grad()
        (-elbo(mean + d, log_sd + e).sum()).backward(retain_graph=True)
        optimiser.step()
    return (mean + d).detach(), (log_sd + e).detach()
