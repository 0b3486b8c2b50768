# right: the maximum marks the face
def straight_through_dice(logits, noise, temperature):
    soft = ((logits + noise) / temperature).softmax(-1)
    hard = (soft == soft.amax(-1, keepdim=True)).to(soft.dtype)
    return soft + (hard - soft).detach()
