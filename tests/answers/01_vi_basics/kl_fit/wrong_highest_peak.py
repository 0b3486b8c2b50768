# wrong: it sits on the lesser mode, for all its higher peak
import torch


def kl_fit(z, log_p, direction):
    p = log_p.softmax(-1)
    if direction == "forward":
        mean = (p * z).sum()
        return mean, (p * (z - mean) ** 2).sum().sqrt()
    mean = z[log_p.argmax()].clone().requires_grad_()
    log_sd = torch.zeros_like(mean).requires_grad_()
    optimiser = torch.optim.Adam([mean, log_sd], lr=0.05)
    for _ in range(100):
        log_q = (-0.5 * ((z - mean) / log_sd.exp()) ** 2).log_softmax(-1)
        loss = (log_q.exp() * (log_q - p.log())).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return mean.item(), log_sd.exp().item()
