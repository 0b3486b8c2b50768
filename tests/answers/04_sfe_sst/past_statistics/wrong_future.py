# wrong: it looks into the future: a later batch changes it


def past_statistics(rewards, decay):
    means = rewards.mean().expand(len(rewards))
    return means, rewards.std(correction=0).expand(len(rewards))
