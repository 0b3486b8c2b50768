# wrong: the variance is multiplied by the number of rolls


def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    variance = gradients.var(0, unbiased=False)
    e = bias**2 + variance * num_samples
    return e, temperatures[e.argmin()]
