# wrong: log N has the wrong sign
import math


def mutual_information(log_q):
    own, mixed, log_n = log_q.diagonal(), log_q.logsumexp(1), math.log(len(log_q))
    return (own - mixed - log_n).mean()
