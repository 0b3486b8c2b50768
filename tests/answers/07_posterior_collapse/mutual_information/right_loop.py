# right: sample by sample, a plain float
import math


def mutual_information(log_q):
    N, total = len(log_q), 0.0
    for n, row in enumerate(log_q):
        total += (row[n] - (row - math.log(N)).logsumexp(0)).item()
    return total / N
