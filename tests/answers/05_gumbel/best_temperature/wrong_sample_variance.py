# wrong: divide by N, not by N − 1
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    errors = bias**2 + gradients.var(0) / num_samples
    return errors, temperatures[errors.argmin()]
