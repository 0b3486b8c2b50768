# wrong: the variance is missing
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    errors = bias**2
    return errors, temperatures[errors.argmin()]
