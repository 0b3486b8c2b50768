# wrong: rows do not sum to 1
import torch


def concrete_sample(logits, noise, temperature):
    return torch.exp((logits + noise) / temperature)


def concrete_log_density(s, logits, temperature):
    K, t = s.shape[-1], torch.tensor(temperature, dtype=s.dtype)
    pull = logits - t * s.log()
    return (
        torch.tensor(K, dtype=s.dtype).lgamma()
        + (K - 1) * t.log()
        + (pull - s.log()).sum(-1)
        - K * pull.logsumexp(-1)
    )
