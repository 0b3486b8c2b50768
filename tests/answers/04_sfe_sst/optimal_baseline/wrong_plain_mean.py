# wrong: it is the mean over masks, all counted alike


def optimal_baseline(logits, masks, rewards):
    return rewards.mean()
