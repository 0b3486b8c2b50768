# wrong: p(x, z) underflows to 0
import torch


def exact_posterior(prior, heads, flips):
    likelihood = torch.where(flips[..., None] > 0, heads, 1 - heads).prod(1)
    joint = prior * likelihood
    evidence = joint.sum(-1)
    return (joint / evidence[:, None]).log(), evidence.log()
