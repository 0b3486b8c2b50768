# right: standard error by sums of squares
import torch


def z_scores(gradients, exact_gradient):
    n, off = len(gradients), gradients - exact_gradient
    mean = off.sum(0) / n
    error = (((off - mean) ** 2).sum(0) / (n - 1) / n).sqrt()
    return torch.where((error == 0) & (mean == 0), 0.0, mean / error)


def is_biased(gradients, exact_gradient):
    return torch.max(torch.abs(z_scores(gradients, exact_gradient))) > 5
