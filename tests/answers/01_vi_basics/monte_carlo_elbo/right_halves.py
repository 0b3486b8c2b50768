# right: two halves, running sums, dividing by S
import torch


def monte_carlo_elbo(q, prior, count, num_samples):
    total, squares = torch.zeros_like(count), torch.zeros_like(count)
    for size in (num_samples // 2, num_samples - num_samples // 2):
        z = q.sample((size,))
        ell = prior.log_prob(z) - z.exp() + z * count - torch.lgamma(count + 1) - q.log_prob(z)
        total, squares = total + ell.sum(0), squares + (ell**2).sum(0)
    mean = total / num_samples
    return mean, ((squares / num_samples - mean**2) / num_samples).sqrt()
