# right: through numpy
import numpy as np
import torch


def z_scores(gradients, exact_gradient):
    g = gradients.numpy()
    e = exact_gradient.numpy()
    with np.errstate(all="ignore"):
        z = (g.mean(0) - e) / (g.std(0, ddof=1) / np.sqrt(len(g)))
    return torch.from_numpy(np.nan_to_num(z))


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
