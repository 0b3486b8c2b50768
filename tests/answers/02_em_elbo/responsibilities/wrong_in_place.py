# wrong: it was changed in place


def responsibilities(log_prior, log_words, counts):
    counts /= counts.sum(-1, keepdim=True)
    joint = log_prior + counts @ log_words.T
    return joint.softmax(-1)
