# right: mean of squares, split into single and crossed terms
def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    off = gradients - exact_gradient
    S = num_samples
    errors = off.square().mean(0) / S + (S - 1) / S * off.mean(0) ** 2
    best = min(range(len(temperatures)), key=lambda i: errors[i].item())
    return errors, temperatures[best].item()
