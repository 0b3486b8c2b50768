# right: in single precision
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    g = gradients.float()
    bias = g.mean(0) - exact_gradient
    errors = bias**2 + ((g - g.mean(0)) ** 2).mean(0) / num_samples
    return errors, temperatures[errors.argmin()]
