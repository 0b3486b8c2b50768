# wrong: the reconstruction is averaged over pixels
from torch.nn.functional import binary_cross_entropy_with_logits


def mended_nelbo(x, encode, decode, noise):
    mean, log_variance = encode(x).chunk(2, -1)
    z = mean + (0.5 * log_variance).exp() * noise
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)
    logits = decode(z)
    distortion = binary_cross_entropy_with_logits(logits, x, reduction="none").mean(-1)
    return (distortion + rate).mean()
