# wrong: it is not normalised


def responsibilities(log_prior, log_words, counts):
    joint = log_prior + counts @ log_words.T
    return joint.exp()
