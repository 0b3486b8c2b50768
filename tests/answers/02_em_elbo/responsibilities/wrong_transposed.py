# wrong: its shape is


def responsibilities(log_prior, log_words, counts):
    joint = log_prior + counts @ log_words.T
    return joint.softmax(-1).T
