# wrong: it was changed in place
def reparameterised_sample(mean, log_variance, noise):
    return (
        noise.mul_((0.5 * log_variance.detach()).exp()).add_(mean.detach())
        + 0 * mean
        + 0 * log_variance
    )
