# wrong: it falls from 1 to 0; it rises from 0 to 1


def linear_beta(step, warm_up):
    return max(0.0, 1 - step / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return min(1.0, step % cycle / rise)
