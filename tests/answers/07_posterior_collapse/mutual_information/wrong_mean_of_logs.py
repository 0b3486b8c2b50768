# wrong: it is the mean of logs; log q(z) is the log of a mean


def mutual_information(log_q):
    return (log_q.diagonal() - log_q.mean(1)).mean()
