# right: sentence by sentence, code by code


def rate_and_distortion(data, q, prior, log_likelihood):
    rate, distortion = 0.0, 0.0
    for x in range(len(data)):
        for z in range(len(prior)):
            if q[x, z] > 0:
                rate = rate + data[x] * q[x, z] * (q[x, z].log() - prior[z].log())
            distortion = distortion - data[x] * q[x, z] * log_likelihood[x, z]
    return rate, distortion
