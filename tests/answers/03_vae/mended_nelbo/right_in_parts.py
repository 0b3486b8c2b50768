# right: rsample-like sum, two means
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce


def mended_nelbo(x, encode, decode, noise):
    out = encode(x)
    D = noise.shape[1]
    mean, log_variance = out[:, :D], out[:, D:]
    z = torch.sqrt(torch.exp(log_variance)).mul(noise).add(mean)
    kl = -0.5 * (1 + log_variance - mean**2 - torch.exp(log_variance)).sum() / len(x)
    return bce(decode(z), x, reduction="sum") / x.shape[0] + kl
