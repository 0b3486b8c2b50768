# wrong: it is centred on the highest place of p: search the mean as well
import torch


def kl_fit(z, log_p, direction):
    log_p = log_p.log_softmax(-1)
    if direction == "forward":
        mean = (log_p.exp() * z).sum()
        return mean, (log_p.exp() * (z - mean) ** 2).sum().sqrt()
    peaks = (log_p[1:-1] > log_p[:-2]) & (log_p[1:-1] > log_p[2:])
    means, sds = z[1:-1][peaks], torch.linspace(0.2, 3, 57, dtype=z.dtype)
    log_q = (-0.5 * ((z - means[:, None, None]) / sds[:, None]) ** 2).log_softmax(-1)
    kl = (log_q.exp() * (log_q - log_p)).sum(-1)
    best_mean, best_sd = divmod(int(kl.argmin()), len(sds))
    return means[best_mean], sds[best_sd]
