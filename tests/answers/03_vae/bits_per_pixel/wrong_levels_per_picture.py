# wrong: log₂ L is counted P times
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    return -log_density / (num_pixels * math.log(2)) + num_pixels * math.log2(num_levels)
