# right: a list, and a float


def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    bias = gradients.mean(0) - exact_gradient
    variance = gradients.var(0, unbiased=False)
    e = bias**2 + variance / num_samples
    return [e, float(temperatures[e.argmin()])]
