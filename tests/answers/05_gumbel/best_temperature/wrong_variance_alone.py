# wrong: the bias is missing
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    variance = gradients.var(0, unbiased=False)
    errors = variance / num_samples
    return errors, temperatures[errors.argmin()]
