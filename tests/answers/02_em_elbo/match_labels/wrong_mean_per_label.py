# wrong: rare labels count as much as common ones
from itertools import permutations

import torch
from torch.nn.functional import one_hot


def match_labels(responsibilities, labels):
    K = responsibilities.shape[1]
    table = one_hot(labels, K).to(responsibilities.dtype).T @ responsibilities
    table = table / table.sum(-1, keepdim=True)
    best = max(permutations(range(K)), key=lambda o: table[range(K), o].sum().item())
    return torch.tensor(best)
