# wrong: the logarithm came back


def responsibilities(log_prior, log_words, counts):
    joint = log_prior + counts @ log_words.T
    return joint.log_softmax(-1)
