# wrong: it is the log of a mean
import math

from torch.distributions import Poisson


def monte_carlo_elbo(q, prior, count, num_samples):
    z = q.sample((num_samples,))
    log_w = prior.log_prob(z) + Poisson(z.exp()).log_prob(count) - q.log_prob(z)
    ell = log_w.logsumexp(0) - math.log(num_samples)
    return ell, log_w.std(0) / num_samples**0.5
