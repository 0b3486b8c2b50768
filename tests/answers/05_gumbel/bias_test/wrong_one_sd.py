# wrong: one sd of the whole table


def z_scores(gradients, exact_gradient):
    se = gradients.std() / len(gradients) ** 0.5
    return (gradients.mean(0) - exact_gradient) / se


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
