# wrong: an index is an integer
from itertools import permutations

import torch
from torch.nn.functional import one_hot


def match_labels(responsibilities, labels):
    K = responsibilities.shape[1]
    agreement = one_hot(labels, K).to(responsibilities.dtype).T @ responsibilities
    best = max(permutations(range(K)), key=lambda order: agreement[range(K), order].sum().item())
    return torch.tensor(best, dtype=torch.double)
