# wrong: the bias is counted twice
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    errors = bias**2 + (gradients - exact_gradient).square().mean(0) / num_samples
    return errors, temperatures[errors.argmin()]
