# right: densities written out
import math


def sampled_elbo(z, x, q, weight, offset, scale):
    P, D = weight.shape
    residual = x - z @ weight.T - offset
    told = -0.5 * (residual / scale).square().sum(-1) - P * (
        scale.log() + 0.5 * math.log(2 * math.pi)
    )
    prior = -0.5 * (z * z).sum(-1) - 0.5 * D * math.log(2 * math.pi)
    return (told + prior - q.log_prob(z)).mean(0)
