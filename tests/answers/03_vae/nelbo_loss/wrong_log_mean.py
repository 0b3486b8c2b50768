# wrong: it is the log of a mean over samples
import math


def nelbo_loss(log_likelihood, mean, log_variance):
    rate = 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(-1)
    loss = (rate - log_likelihood.logsumexp(0) + math.log(len(log_likelihood))).mean()
    return loss, rate
