# right: one table of candidates for both directions
import torch
from torch.distributions import Normal


def kl_fit(z, log_p, direction):
    log_p = log_p - log_p.logsumexp(-1)
    means, sds = z, torch.arange(0.3, 3, 0.075, dtype=z.dtype)
    log_q = Normal(means[:, None, None], sds[:, None]).log_prob(z) + torch.log(z[1] - z[0])
    if direction == "reverse":
        kl = (log_q.exp() * (log_q - log_p)).sum(-1)
    else:
        kl = (log_p.exp() * (log_p - log_q)).sum(-1)
    row, column = divmod(kl.argmin().item(), len(sds))
    return means[row].item(), sds[column].item()
