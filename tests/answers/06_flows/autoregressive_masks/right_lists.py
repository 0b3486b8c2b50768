# right: nested lists
def autoregressive_masks(num_inputs, num_hidden):
    degrees = [1 + h % (num_inputs - 1) for h in range(num_hidden)]
    first = [[int(d >= i + 1) for i in range(num_inputs)] for d in degrees]
    second = [[int(i + 1 > d) for d in degrees] for i in range(num_inputs)]
    return [first, second]
