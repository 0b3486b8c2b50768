# wrong: are ≥ and > exchanged
import torch


def autoregressive_masks(num_inputs, num_hidden):
    inputs = torch.arange(1, num_inputs + 1)
    hidden = torch.linspace(1, num_inputs, num_hidden)
    return hidden[:, None] >= inputs, inputs[:, None] > hidden
