# wrong: the samples come from the prior, not from q
from torch.distributions import Poisson


def monte_carlo_elbo(q, prior, count, num_samples):
    z = prior.sample((num_samples,))
    ell = prior.log_prob(z) + Poisson(z.exp()).log_prob(count) - q.log_prob(z)
    return ell.mean(0), ell.std(0) / num_samples**0.5
