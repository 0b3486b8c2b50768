# right: document by document
from itertools import permutations

import torch


def match_labels(responsibilities, labels):
    def score(order):
        return responsibilities[torch.arange(len(labels)), torch.tensor(order)[labels]].sum()

    return max(permutations(range(responsibilities.shape[1])), key=score)
