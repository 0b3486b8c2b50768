# wrong: the rate of the Poisson is exp(z), not z itself
from torch.distributions import Poisson


def monte_carlo_elbo(q, prior, count, num_samples):
    z = q.sample((num_samples,))
    ell = prior.log_prob(z) + Poisson(z.abs()).log_prob(count) - q.log_prob(z)
    return ell.mean(0), ell.std(0) / num_samples**0.5
