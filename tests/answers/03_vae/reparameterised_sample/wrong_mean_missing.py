# wrong: the mean is missing
def reparameterised_sample(mean, log_variance, noise):
    return (0.5 * log_variance).exp() * noise
