# wrong: the sum runs over the samples; it runs over the sentences, the columns of a row
import math


def mutual_information(log_q):
    own, _mixed, log_n = log_q.diagonal(), log_q.logsumexp(1), math.log(len(log_q))
    return (own - log_q.logsumexp(0) + log_n).mean()
