# right: numpy, the largest taken off
import numpy as np


def responsibilities(log_prior, log_words, counts):
    log_joint = log_prior.numpy() + counts.numpy() @ log_words.numpy().T
    joint = np.exp(log_joint - log_joint.max(1, keepdims=True))
    return joint / joint.sum(1, keepdims=True)
