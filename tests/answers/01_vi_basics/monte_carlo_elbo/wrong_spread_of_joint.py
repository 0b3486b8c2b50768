# wrong: it is the spread of log p(x, z) alone
from torch.distributions import Poisson


def monte_carlo_elbo(q, prior, count, num_samples):
    z = q.sample((num_samples,))
    log_joint = prior.log_prob(z) + Poisson(z.exp()).log_prob(count)
    return (log_joint - q.log_prob(z)).mean(0), log_joint.std(0) / num_samples**0.5
