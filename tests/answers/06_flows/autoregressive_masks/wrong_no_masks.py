# wrong: output 1 depends on input 1, on itself
import torch


def autoregressive_masks(num_inputs, num_hidden):
    inputs = torch.arange(1, num_inputs + 1)
    hidden = 1 + torch.arange(num_hidden) % (num_inputs - 1)
    return torch.ones(num_hidden, num_inputs), torch.ones(num_inputs, num_hidden)
