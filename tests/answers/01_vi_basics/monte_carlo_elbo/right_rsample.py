# right: reparameterised samples, Poisson written out
import torch


def monte_carlo_elbo(q, prior, count, num_samples):
    z = q.rsample([num_samples])
    log_likelihood = count * z - z.exp() - torch.lgamma(count + 1)
    ell = log_likelihood + prior.log_prob(z) - q.log_prob(z)
    variance = (ell - ell.mean(0)).square().sum(0) / (num_samples - 1)
    return ell.mean(0), (variance / num_samples).sqrt()
