# wrong: it draws numbers of its own
import torch


def best_temperature(gradients, exact_gradient, temperatures, num_samples):
    i = torch.randint(len(gradients), (10000, num_samples))
    e = ((gradients[i].mean(1) - exact_gradient) ** 2).mean(0)
    return e, temperatures[e.argmin()]
