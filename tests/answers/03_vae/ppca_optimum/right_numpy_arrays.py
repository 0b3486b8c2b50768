# right: NumPy arrays come back
import numpy as np


def ppca_optimum(x, num_latents):
    x = np.asarray(x)
    _, s, Vh = np.linalg.svd(x - x.mean(0), full_matrices=False)
    values = s**2 / len(x)
    noise = values[num_latents:].mean()
    return Vh[:num_latents].T * np.sqrt(values[:num_latents] - noise), noise
