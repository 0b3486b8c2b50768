# wrong: the standard deviation stands where the variance belongs
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    errors = bias**2 + gradients.std(0, unbiased=False) / num_samples
    return errors, temperatures[errors.argmin()]
