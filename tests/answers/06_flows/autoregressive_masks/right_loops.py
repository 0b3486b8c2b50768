# right: floats, filled by loops, degrees from 0
import torch


def autoregressive_masks(num_inputs, num_hidden):
    first, second = torch.zeros(num_hidden, num_inputs), torch.zeros(num_inputs, num_hidden)
    for unit in range(num_hidden):
        last = unit % (num_inputs - 1)
        first[unit, : last + 1] = 1.0
        second[last + 1 :, unit] = 1.0
    return first, second
