# wrong: log q(z) is the log of a mean, log ∑ − log N; the log is divided by N


def mutual_information(log_q):
    own, mixed = log_q.diagonal(), log_q.logsumexp(1)
    return (own - mixed / len(log_q)).mean()
