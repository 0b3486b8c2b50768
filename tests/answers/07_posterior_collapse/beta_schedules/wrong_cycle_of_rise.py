# wrong: it falls back after `rise` steps; a cycle has `cycle` steps


def linear_beta(step, warm_up):
    return min(1.0, step / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return step % rise / rise
