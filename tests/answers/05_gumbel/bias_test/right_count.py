# right: the number of guilty entries


def z_scores(gradients, exact_gradient):
    standard_error = gradients.std(0) / len(gradients) ** 0.5
    return ((gradients.mean(0) - exact_gradient) / standard_error).nan_to_num()


def is_biased(gradients, exact_gradient):
    return int((z_scores(gradients, exact_gradient).abs() > 5).sum())
