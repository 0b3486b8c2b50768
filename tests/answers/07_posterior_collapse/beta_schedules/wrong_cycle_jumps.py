# wrong: it jumps from 0 to 1; it rises on a line (is a quotient rounded down?)


def linear_beta(step, warm_up):
    return min(1.0, step / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return min(1, step % cycle // rise)
