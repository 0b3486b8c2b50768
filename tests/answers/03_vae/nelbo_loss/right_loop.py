# right: one example after the other
import torch


def nelbo_loss(log_likelihood, mean, log_variance):
    rates, loss = [], 0.0
    for b in range(len(mean)):
        kl = sum(0.5 * (a.exp() + m * m - 1 - a) for m, a in zip(mean[b], log_variance[b]))
        rates.append(kl)
        loss = loss + (kl - log_likelihood[:, b].mean()) / len(mean)
    return loss, torch.stack(rates)
