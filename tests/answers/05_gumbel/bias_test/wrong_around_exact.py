# wrong: sd is taken around the exact gradient


def z_scores(gradients, exact_gradient):
    se = ((gradients - exact_gradient) ** 2).mean(0).sqrt() / len(gradients) ** 0.5
    return ((gradients.mean(0) - exact_gradient) / se).nan_to_num()


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
