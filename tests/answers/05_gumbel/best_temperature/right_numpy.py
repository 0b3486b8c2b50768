# right: through numpy
import torch


def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    g = gradients.numpy()
    e = (g.mean(0) - exact_gradient) ** 2 + g.var(0) / num_samples
    return torch.from_numpy(e), temperatures[int(e.argmin())].item()
