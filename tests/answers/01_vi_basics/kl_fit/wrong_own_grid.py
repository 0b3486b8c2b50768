# wrong: the grid that is given is not used
import torch


def kl_fit(z, log_p, direction):
    z = torch.linspace(-6.5, 6.5, len(log_p), dtype=log_p.dtype)
    log_p = log_p.log_softmax(-1)
    if direction == "forward":
        mean = (log_p.exp() * z).sum()
        return mean, (log_p.exp() * (z - mean) ** 2).sum().sqrt()
    sds = torch.linspace(0.2, 3, 57, dtype=z.dtype)
    log_q = (-0.5 * ((z - z[:, None, None]) / sds[:, None]) ** 2).log_softmax(-1)
    kl = (log_q.exp() * (log_q - log_p)).sum(-1)
    best_mean, best_sd = divmod(int(kl.argmin()), len(sds))
    return z[best_mean], sds[best_sd]
