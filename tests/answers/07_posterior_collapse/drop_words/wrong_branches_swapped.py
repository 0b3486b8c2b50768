# wrong: <unk> stands at the words that stay
import torch


def drop_words(inputs, noise, rate):
    return torch.where((inputs > 2) & (noise < rate), inputs, 1)
