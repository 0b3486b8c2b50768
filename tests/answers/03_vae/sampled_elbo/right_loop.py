# right: a loop over samples
from torch.distributions import Independent, Normal


def sampled_elbo(z, x, q, weight, offset, scale):
    terms = []
    for each in z:
        told = Independent(Normal(each @ weight.T + offset, scale), 1).log_prob(x)
        prior = Independent(Normal(0 * each, 1.0), 1).log_prob(each)
        terms.append(told + prior - q.log_prob(each))
    return sum(terms) / len(terms)
