# wrong: its entries are 0 and 1
import torch


def autoregressive_masks(num_inputs, num_hidden):
    inputs = torch.arange(1, num_inputs + 1)
    hidden = 1 + torch.arange(num_hidden) % (num_inputs - 1)
    return (hidden[:, None] >= inputs) * 2.0, inputs[:, None] > hidden
