# right: kl_divergence of torch
from torch.distributions import Categorical, kl_divergence


def amortised_gap(encoder_logits, log_joint):
    return kl_divergence(Categorical(logits=encoder_logits), Categorical(logits=log_joint))
