# right: a log-softmax along the row
import math


def mutual_information(log_q):
    return log_q.log_softmax(1).diagonal().mean() + math.log(log_q.shape[0])
