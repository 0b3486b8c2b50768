# wrong: word numbers are torch.int64, and torch.float32 came back
import torch


def drop_words(inputs, noise, rate):
    return torch.where((inputs > 2) & (noise < rate), 1.0, inputs.float())
