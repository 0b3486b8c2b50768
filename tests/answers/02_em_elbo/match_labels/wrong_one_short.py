# wrong: its shape is
from itertools import permutations

import torch
from torch.nn.functional import one_hot


def match_labels(responsibilities, labels):
    K = responsibilities.shape[1]
    table = one_hot(labels, K).to(responsibilities.dtype).T @ responsibilities
    best = max(permutations(range(K)), key=lambda o: table[range(K), o].sum().item())
    return torch.tensor(best[:-1])
