# right: single precision, through torch's distributions
import torch


def exact_posterior(prior, heads, flips):
    prior, heads, flips = prior.float(), heads.float(), flips.float()
    words = torch.distributions.Bernoulli(heads).log_prob(flips[..., None]).sum(1)
    log_joint = torch.distributions.Categorical(prior).logits + words
    log_evidence = torch.logsumexp(log_joint, dim=-1, keepdim=True)
    return log_joint - log_evidence, log_evidence.squeeze(-1)
