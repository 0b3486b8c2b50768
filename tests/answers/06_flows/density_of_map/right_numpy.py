# right: an array comes back
import numpy as np


def density_of_map(y, base, inverse, slope):
    x = inverse(y)
    return base.log_prob(x).numpy() - np.log(np.abs(slope(x).numpy()))
