# wrong: it is never below 1; take the smaller of 1 and the line


def linear_beta(step, warm_up):
    return max(1.0, step / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return min(1.0, step % cycle / rise)
