# wrong: the log likelihood is averaged over words


def responsibilities(log_prior, log_words, counts):
    fit = counts @ log_words.T / counts.sum(-1, keepdim=True)
    return (log_prior + fit).softmax(-1)
