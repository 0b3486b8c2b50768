# wrong: the variance is not divided by the number of rolls
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    variance = gradients.var(0, unbiased=False)
    errors = bias**2 + variance
    return errors, temperatures[errors.argmin()]
