# wrong: it is a root mean squared error
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    variance = gradients.var(0, unbiased=False)
    errors = (bias**2 + variance / num_samples).sqrt()
    return errors, temperatures[errors.argmin()]
