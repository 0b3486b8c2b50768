# wrong: it falls from 1 to 0 in each cycle; it rises from 0 to 1


def linear_beta(step, warm_up):
    return min(1.0, step / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return max(0.0, 1 - step % cycle / rise)
