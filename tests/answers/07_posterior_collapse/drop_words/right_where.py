# right: torch.where, padding and <bos> by exclusion
import torch


def drop_words(inputs, noise, rate):
    return torch.where((noise < rate) & ~torch.isin(inputs, torch.tensor([0, 2])), 1, inputs)
