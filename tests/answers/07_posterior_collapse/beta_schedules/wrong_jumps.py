# wrong: it jumps from 0 to 1; it rises on a line (is a quotient rounded down?)


def linear_beta(step, warm_up):
    return float(step >= warm_up)


def cyclical_beta(step, cycle, rise):
    return min(1.0, step % cycle / rise)
