# wrong: each word is counted once, however often it occurs


def responsibilities(log_prior, log_words, counts):
    there = (counts > 0).to(counts.dtype)
    return (log_prior + there @ log_words.T).softmax(-1)
