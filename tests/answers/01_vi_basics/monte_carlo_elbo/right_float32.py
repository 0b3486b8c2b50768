# right: single precision
from torch.distributions import Normal, Poisson


def monte_carlo_elbo(q, prior, count, num_samples):
    q, prior = (Normal(d.loc.float(), d.scale.float()) for d in (q, prior))
    count = count.float()
    z = q.sample((num_samples,))
    ell = prior.log_prob(z) + Poisson(z.exp()).log_prob(count) - q.log_prob(z)
    return ell.mean(dim=0), ell.std(dim=0).div(num_samples**0.5)
