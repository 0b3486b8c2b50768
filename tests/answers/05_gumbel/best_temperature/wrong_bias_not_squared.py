# wrong: the bias is not squared
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    variance = gradients.var(0, unbiased=False)
    errors = bias.abs() + variance / num_samples
    return errors, temperatures[errors.argmin()]
