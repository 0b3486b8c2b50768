# wrong: multiplied by 2, not by ½
def reparameterised_sample(mean, log_variance, noise):
    return mean + (2 * log_variance).exp() * noise
