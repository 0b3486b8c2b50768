# wrong: −log k! is missing from the Poisson's log p(k|z)


def monte_carlo_elbo(q, prior, count, num_samples):
    z = q.sample((num_samples,))
    ell = prior.log_prob(z) + count * z - z.exp() - q.log_prob(z)
    return ell.mean(0), ell.std(0) / num_samples**0.5
