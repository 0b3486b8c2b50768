# wrong: it rises in the first cycle only


def linear_beta(step, warm_up):
    return min(1.0, step / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return min(1.0, step / rise) if step < cycle else 0.0
