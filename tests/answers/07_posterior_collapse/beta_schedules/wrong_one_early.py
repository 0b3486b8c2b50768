# wrong: it is one step early; at step 0 it is 0


def linear_beta(step, warm_up):
    return min(1.0, (step + 1) / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return min(1.0, step % cycle / rise)
