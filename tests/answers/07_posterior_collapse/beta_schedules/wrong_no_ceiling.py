# wrong: it goes on rising after the warm-up; it stays at 1


def linear_beta(step, warm_up):
    return step / warm_up if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return min(1.0, step % cycle / rise)
