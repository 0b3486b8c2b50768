# wrong: it leaves the components as they are
import torch


def match_labels(responsibilities, labels):
    return torch.arange(responsibilities.shape[1])
