# wrong: normalise before exp


def responsibilities(log_prior, log_words, counts):
    joint = log_prior + counts @ log_words.T
    p = joint.exp()
    return p / p.sum(-1, keepdim=True)
