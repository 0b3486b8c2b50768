# wrong: word 0 is left out
import torch


def rnn_posterior(components, log_prior, tokens, mask):
    rows = []
    for component in components:
        each = component(tokens).log_softmax(-1).gather(-1, tokens[..., None])[..., 0]
        rows.append((each * (tokens != 0)).sum(-1))
    return (log_prior + torch.stack(rows, -1)).softmax(-1)
