# wrong: no gradient flows back from it
def reparameterised_sample(mean, log_variance, noise):
    return mean.detach() + (0.5 * log_variance.detach()).exp() * noise
