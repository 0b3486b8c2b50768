# wrong: entries above ½ are 1
def straight_through_dice(logits, noise, temperature):
    soft = ((logits + noise) / temperature).softmax(-1)
    hard = (soft > 0.5).to(soft)
    return hard + soft - soft.detach()
