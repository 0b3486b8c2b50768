# right: a quasi-Newton method
import torch


def refine_locally(mean, log_sd, elbo):
    m, a = (t.detach().clone().requires_grad_() for t in (mean, log_sd))
    optimiser = torch.optim.LBFGS([m, a], lr=0.5, max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = -elbo(m, a).sum()
        loss.backward()
        return loss

    for _ in range(3):
        optimiser.step(closure)
    return m.detach(), a.detach()
