# wrong: the words are one step late
import torch


def rnn_posterior(components, log_prior, tokens, mask):
    rows = []
    for component in components:
        log_p = component(tokens)[:, :-1].log_softmax(-1)
        each = log_p.gather(-1, tokens[:, 1:, None])[..., 0]
        rows.append((each * mask[:, 1:]).sum(-1))
    return (log_prior + torch.stack(rows, -1)).softmax(-1)
