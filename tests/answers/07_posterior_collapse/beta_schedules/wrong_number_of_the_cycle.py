# wrong: it is the number of the cycle that is counted; the step within the cycle is


def linear_beta(step, warm_up):
    return min(1.0, step / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return min(1.0, step // cycle / rise)
