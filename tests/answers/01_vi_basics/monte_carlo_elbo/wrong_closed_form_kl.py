# wrong: it is the spread of log p(x|z) alone
from torch.distributions import Poisson, kl_divergence


def monte_carlo_elbo(q, prior, count, num_samples):
    rate = kl_divergence(q, prior)
    ell = Poisson(q.sample((num_samples,)).exp()).log_prob(count) - rate
    return ell.mean(0), ell.std(0) / num_samples**0.5
