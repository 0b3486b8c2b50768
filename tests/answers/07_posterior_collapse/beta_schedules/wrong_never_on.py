# wrong: without a warm-up β is 1 at once, not 0


def linear_beta(step, warm_up):
    return min(1.0, step / warm_up) if warm_up else 0.0


def cyclical_beta(step, cycle, rise):
    return min(1.0, step % cycle / rise)
