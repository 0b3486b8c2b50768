# right: numpy's clip and minimum
import numpy as np


def linear_beta(step, warm_up):
    return np.clip(step / warm_up, 0, 1) if warm_up > 0 else 1


def cyclical_beta(step, cycle, rise):
    return np.minimum(1.0, (step % cycle) / rise)
