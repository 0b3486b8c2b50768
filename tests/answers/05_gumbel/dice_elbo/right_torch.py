# right: kl_divergence of torch
from torch.distributions import Independent, OneHotCategorical, kl_divergence


def dice_elbo(log_likelihood, z, logits, prior_logits):
    q = Independent(OneHotCategorical(logits=logits), 1)
    p = Independent(OneHotCategorical(logits=prior_logits), 1).expand(q.batch_shape)
    return (log_likelihood - kl_divergence(q, p)).mean(0)
