# right: degrees spread evenly and descending
import torch


def autoregressive_masks(num_inputs, num_hidden):
    hidden = torch.arange(num_hidden - 1, -1, -1) * (num_inputs - 1) // num_hidden
    places = torch.arange(num_inputs)
    return (places <= hidden[:, None]).double(), (hidden < places[:, None]).double()
