# wrong: its absolute value came back; a single estimate may be negative
import math


def mutual_information(log_q):
    own, mixed = log_q.diagonal(), log_q.logsumexp(1)
    return (own - mixed + math.log(len(log_q))).mean().abs()
