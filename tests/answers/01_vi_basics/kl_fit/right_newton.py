# right: gradient steps from the two highest places
import torch


def kl_fit(z, log_p, direction):
    log_p = log_p.log_softmax(-1)
    p = log_p.exp()
    m = torch.sum(p * z) / torch.sum(p)
    if direction == "forward":
        return m.item(), torch.sqrt(torch.sum(p * (z - m) ** 2)).item()
    starts = torch.stack([z[z < 0][log_p[z < 0].argmax()], z[z > 0][log_p[z > 0].argmax()]])
    mean, log_sd = starts.clone().requires_grad_(), torch.full_like(starts, -0.5).requires_grad_()
    optimizer = torch.optim.LBFGS([mean, log_sd], max_iter=60, line_search_fn="strong_wolfe")

    def kl():
        log_q = (-0.5 * ((z - mean[:, None]) / log_sd[:, None].exp()) ** 2).log_softmax(-1)
        return (log_q.exp() * (log_q - log_p)).sum(-1)

    def closure():
        optimizer.zero_grad()
        loss = kl().sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    best = kl().argmin()
    return mean[best].item(), log_sd[best].exp().item()
