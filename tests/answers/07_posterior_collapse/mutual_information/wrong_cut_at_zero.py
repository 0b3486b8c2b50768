# wrong: it is cut off at 0; a single estimate may be negative, and cutting biases the mean
import math


def mutual_information(log_q):
    own, mixed, log_n = log_q.diagonal(), log_q.logsumexp(1), math.log(len(log_q))
    return (own - mixed + log_n).mean().clamp(min=0)
