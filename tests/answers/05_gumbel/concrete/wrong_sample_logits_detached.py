# wrong: the logits are detached on the way
import torch


def concrete_sample(logits, noise, temperature):
    return ((logits.detach() + noise) / temperature).softmax(-1) + 0 * logits


def concrete_log_density(s, logits, temperature):
    K, t = s.shape[-1], torch.tensor(temperature, dtype=s.dtype)
    pull = logits - t * s.log()
    return (
        torch.tensor(K, dtype=s.dtype).lgamma()
        + (K - 1) * t.log()
        + (pull - s.log()).sum(-1)
        - K * pull.logsumexp(-1)
    )
