# wrong: the noise is missing: this is the mean
def reparameterised_sample(mean, log_variance, noise):
    return mean + 0 * noise * log_variance
