# wrong: it is the bias itself
def z_scores(gradients, exact_gradient):
    return gradients.mean(0) - exact_gradient


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
