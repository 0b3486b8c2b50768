# wrong: log 2 multiplies instead of dividing
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    return -log_density * math.log(2) / num_pixels + math.log2(num_levels)
