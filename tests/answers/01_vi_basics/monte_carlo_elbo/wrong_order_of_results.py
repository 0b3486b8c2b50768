# wrong: the two results are in the wrong order
from torch.distributions import Poisson


def monte_carlo_elbo(q, prior, count, num_samples):
    z = q.sample((num_samples,))
    ell = prior.log_prob(z) + Poisson(z.exp()).log_prob(count) - q.log_prob(z)
    return ell.std(0) / num_samples**0.5, ell.mean(0)
