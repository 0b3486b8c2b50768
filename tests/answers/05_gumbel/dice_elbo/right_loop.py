# right: picture by picture, die by die
import torch


def dice_elbo(log_likelihood, z, logits, prior_logits):
    out = []
    for b in range(len(logits)):
        kl = 0
        for d in range(logits.shape[1]):
            q = logits[b, d].softmax(-1)
            p = prior_logits[d].softmax(-1)
            kl = kl + (q * (q / p).log()).sum()
        out.append(log_likelihood[:, b].mean() - kl)
    return torch.stack(out)
