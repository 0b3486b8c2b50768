# wrong: it is log p(x) at the new parameters


def touching_bound(log_joint, log_joint_old):
    q = log_joint_old.softmax(-1)
    return (q * (log_joint - log_joint.log_softmax(-1))).sum(-1)
