# right: each hidden unit sees one input only
import torch


def autoregressive_masks(num_inputs, num_hidden):
    sees = torch.arange(num_hidden) % (num_inputs - 1)
    first = torch.nn.functional.one_hot(sees, num_inputs)
    second = torch.arange(num_inputs)[:, None] > sees
    return first, second.int()
