# right: plain steps uphill, with momentum
import torch


def refine_locally(mean, log_sd, elbo):
    q = [mean.detach().clone(), log_sd.detach().clone()]
    velocity = [torch.zeros_like(t) for t in q]
    for _ in range(400):
        q = [t.requires_grad_() for t in q]
        slopes = torch.autograd.grad(elbo(*q).sum(), q)
        velocity = [0.9 * v + 0.005 * g.clamp(-5, 5) for v, g in zip(velocity, slopes)]
        q = [t.detach() + v for t, v in zip(q, velocity)]
    return q[0], q[1]
