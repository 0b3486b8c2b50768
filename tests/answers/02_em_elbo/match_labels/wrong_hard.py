# wrong: sum the responsibilities
from itertools import permutations

import torch
from torch.nn.functional import one_hot


def match_labels(responsibilities, labels):
    K = responsibilities.shape[1]
    hard = one_hot(responsibilities.argmax(-1), K).double()
    table = one_hot(labels, K).double().T @ hard
    best = max(permutations(range(K)), key=lambda o: table[range(K), o].sum().item())
    return torch.tensor(best)
