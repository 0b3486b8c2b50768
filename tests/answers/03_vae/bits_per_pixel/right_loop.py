# right: one example after the other, with NumPy
import numpy as np


def bits_per_pixel(log_density, num_pixels, num_levels):
    return [-float(d) / num_pixels / np.log(2) + np.log2(num_levels) for d in log_density]
