# wrong: the log variance is taken for the variance
from torch.distributions import Normal, kl_divergence


def gaussian_kl(mean_q, log_variance_q, mean_p, log_variance_p):
    q, p = Normal(mean_q, log_variance_q.sqrt()), Normal(mean_p, log_variance_p.sqrt())
    return kl_divergence(q, p).sum(-1)
