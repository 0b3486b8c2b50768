# wrong: the noise is averaged over the samples
def reparameterised_sample(mean, log_variance, noise):
    return mean + (0.5 * log_variance).exp() * noise.mean(0)
