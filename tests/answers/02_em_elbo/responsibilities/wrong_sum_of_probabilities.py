# wrong: probabilities are summed where their logarithms belong


def responsibilities(log_prior, log_words, counts):
    return (log_prior + counts @ log_words.exp().T).softmax(-1)
