# wrong: there is a posterior for each word
import torch


def rnn_posterior(components, log_prior, tokens, mask):
    rows = []
    for component in components:
        each = component(tokens).log_softmax(-1).gather(-1, tokens[..., None])[..., 0]
        rows.append(each)
    words = (log_prior + torch.stack(rows, -1)).softmax(-1)
    return torch.where(mask[..., None], words, 1.0).prod(1)
