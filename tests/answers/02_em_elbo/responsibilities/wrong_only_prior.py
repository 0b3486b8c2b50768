# wrong: it is the prior


def responsibilities(log_prior, log_words, counts):
    return log_prior.exp().expand(len(counts), -1)
