# wrong: at step 0 it is 0; without a warm-up β is 1 at once


def linear_beta(step, warm_up):
    return min(1.0, step / max(1, warm_up))


def cyclical_beta(step, cycle, rise):
    return min(1.0, step % cycle / rise)
