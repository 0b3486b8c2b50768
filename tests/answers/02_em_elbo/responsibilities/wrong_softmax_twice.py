# wrong: the softmax is taken twice
def responsibilities(log_prior, log_words, counts):
    log_joint = log_prior + counts @ log_words.T
    return log_joint.softmax(-1).softmax(-1)
