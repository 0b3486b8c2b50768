# right: by cases


def linear_beta(step, warm_up):
    if step >= warm_up:
        return 1.0
    return step / warm_up


def cyclical_beta(step, cycle, rise):
    place = step - cycle * (step // cycle)
    if place < rise:
        return place / rise
    return 1.0
