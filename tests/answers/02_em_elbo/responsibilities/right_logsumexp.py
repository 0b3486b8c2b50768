# right: subtract log p(x), then exponentiate


def responsibilities(log_prior, log_words, counts):
    joint = log_prior + counts @ log_words.T
    return (joint - joint.logsumexp(-1, keepdim=True)).exp()
