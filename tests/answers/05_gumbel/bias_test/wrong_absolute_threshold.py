# wrong: it must
def z_scores(gradients, exact_gradient):
    standard_error = gradients.std(0) / len(gradients) ** 0.5
    return ((gradients.mean(0) - exact_gradient) / standard_error).nan_to_num()


def is_biased(gradients, exact_gradient):
    return bool(((gradients.mean(0) - exact_gradient).abs() > 0.1).any())
