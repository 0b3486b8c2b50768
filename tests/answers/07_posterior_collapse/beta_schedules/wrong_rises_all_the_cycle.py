# wrong: it rises over the whole cycle; it rises over `rise` steps and stays at 1


def linear_beta(step, warm_up):
    return min(1.0, step / warm_up) if warm_up else 1.0


def cyclical_beta(step, cycle, rise):
    return step % cycle / cycle
