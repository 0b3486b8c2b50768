# wrong: σ stands in the rate
from torch.nn.functional import binary_cross_entropy_with_logits


def mended_nelbo(x, encode, decode, noise):
    mean, log_variance = encode(x).chunk(2, -1)
    sd = (0.5 * log_variance).exp()
    rate = 0.5 * (sd + mean**2 - 1 - log_variance).sum(-1)
    logits = decode(mean + sd * noise)
    distortion = binary_cross_entropy_with_logits(logits, x, reduction="none").sum(-1)
    return (distortion + rate).mean()
