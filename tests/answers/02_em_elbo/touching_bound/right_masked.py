# right: what q never chooses is filled with 0
def touching_bound(log_joint, log_joint_old):
    log_q = log_joint_old.log_softmax(-1)
    ratio = (log_joint - log_q).masked_fill(log_q.exp() == 0, 0.0)
    return (log_q.exp() * ratio).sum(-1)
