# wrong: this is the relaxed roll alone
def straight_through_dice(logits, noise, temperature):
    return ((logits + noise) / temperature).softmax(-1)
