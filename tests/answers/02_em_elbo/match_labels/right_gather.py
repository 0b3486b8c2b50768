# right: the responsibility of each document's own component
from itertools import permutations

import torch


def match_labels(responsibilities, labels):
    K = responsibilities.shape[1]
    best, score = None, -1.0
    for order in permutations(range(K)):
        order = torch.tensor(order)
        agreed = responsibilities.gather(1, order[labels][:, None]).sum()
        if agreed > score:
            best, score = order, agreed
    return best
