# wrong: densities of e⁻⁹⁰⁰ underflow to 0; stay in logarithms (logsumexp)


def mutual_information(log_q):
    return (log_q.diagonal() - log_q.exp().mean(1).log()).mean()
