# wrong: log N is to base 2; nats are expected
import math


def mutual_information(log_q):
    own, mixed = log_q.diagonal(), log_q.logsumexp(1)
    return (own - mixed + math.log2(len(log_q))).mean()
