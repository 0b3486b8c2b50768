# wrong: is 0/0; make it 0
def z_scores(gradients, exact_gradient):
    standard_error = gradients.std(0) / len(gradients) ** 0.5
    return (gradients.mean(0) - exact_gradient) / standard_error


def is_biased(gradients, exact_gradient):
    return bool((z_scores(gradients, exact_gradient).abs() > 5).any())
