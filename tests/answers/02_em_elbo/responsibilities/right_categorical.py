# right: torch's Categorical normalises
from torch.distributions import Categorical


def responsibilities(log_prior, log_words, counts):
    return Categorical(logits=log_prior + counts @ log_words.T).probs
