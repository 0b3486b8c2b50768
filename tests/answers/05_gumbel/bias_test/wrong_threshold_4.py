# wrong: 16 entries within 4.7 standard errors: it must not


def z_scores(gradients, exact_gradient):
    standard_error = gradients.std(0) / len(gradients) ** 0.5
    return ((gradients.mean(0) - exact_gradient) / standard_error).nan_to_num()


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 4).any())
