# right: one sample after the other
import torch


def pathwise_gradient(slope, mean, log_sd, noise):
    in_mean, in_log_sd = torch.zeros_like(mean), torch.zeros_like(mean)
    for e in noise:
        step = log_sd.exp() * e
        g = slope((mean + step)[None])[0]
        in_mean += g / len(noise)
        in_log_sd += g * step / len(noise)
    return [in_mean, in_log_sd]
