# wrong: does not depend on input
import torch


def autoregressive_masks(num_inputs, num_hidden):
    inputs = torch.arange(1, num_inputs + 1)
    hidden = torch.ones(num_hidden, dtype=torch.long)
    return hidden[:, None] >= inputs, inputs[:, None] > hidden
