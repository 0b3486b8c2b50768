# right: torch's own mixture, a list comes back
from torch.distributions import Bernoulli, Categorical, Independent, MixtureSameFamily


def exact_posterior(prior, heads, flips):
    coins = Independent(Bernoulli(heads[:, None].expand(-1, flips.shape[1])), 1)
    mixture = MixtureSameFamily(Categorical(prior), coins)
    log_joint = mixture.mixture_distribution.logits + coins.log_prob(flips[:, None])
    return [log_joint.log_softmax(-1), mixture.log_prob(flips)]
