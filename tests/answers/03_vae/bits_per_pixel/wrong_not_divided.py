# wrong: it is not divided by the number of pixels
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    return -log_density / math.log(2) + num_pixels * math.log2(num_levels)
