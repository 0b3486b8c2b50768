# wrong: only the small number that was added is left
def responsibilities(log_prior, log_words, counts):
    joint = (log_prior + counts @ log_words.T).exp() + 1e-300
    return joint / joint.sum(-1, keepdim=True)
