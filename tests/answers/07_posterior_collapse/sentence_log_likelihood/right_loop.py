# right: sentence by sentence, word by word
import torch


def sentence_log_likelihood(logits, targets, mask):
    every = logits.log_softmax(-1)
    found = []
    for row, words, there in zip(every, targets, mask):
        found.append(sum(step[word] for step, word, said in zip(row, words, there) if said))
    return torch.stack(found)
