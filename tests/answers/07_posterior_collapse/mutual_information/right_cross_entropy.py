# right: a classifier that guesses the sentence: log N minus its cross-entropy, in float32
import math

import torch
from torch.nn.functional import cross_entropy


def mutual_information(log_q):
    n = len(log_q)
    return math.log(n) - cross_entropy(log_q.float(), torch.arange(n))
