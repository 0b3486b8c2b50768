# wrong: for a single document its axis is gone
from torch.distributions import Poisson


def monte_carlo_elbo(q, prior, count, num_samples):
    z = q.sample((num_samples,))
    ell = prior.log_prob(z) + Poisson(z.exp()).log_prob(count) - q.log_prob(z)
    return ell.mean(0).squeeze(), ell.std(0).squeeze() / num_samples**0.5
