# right: the whole picture first
import math


def bits_per_pixel(log_density, num_pixels, num_levels):
    nats = num_pixels * math.log(num_levels) - log_density
    return nats / math.log(2) / num_pixels
