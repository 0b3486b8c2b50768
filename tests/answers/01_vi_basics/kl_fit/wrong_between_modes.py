# wrong: it sits where p has almost no mass
import torch


def kl_fit(z, log_p, direction):
    log_p = log_p.log_softmax(-1)
    mean = (log_p.exp() * z).sum()
    sd = (log_p.exp() * (z - mean) ** 2).sum().sqrt()
    if direction == "forward":
        return mean, sd
    left, right = z[z < 0][log_p[z < 0].argmax()], z[z > 0][log_p[z > 0].argmax()]
    return (left + right) / 2, torch.tensor(0.6)
