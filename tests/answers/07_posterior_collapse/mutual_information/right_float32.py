# right: in float32, as a trace
import math


def mutual_information(log_q):
    log_q, N = log_q.float(), len(log_q)
    return (log_q.trace() - log_q.logsumexp(1).sum()) / N + math.log(N)
