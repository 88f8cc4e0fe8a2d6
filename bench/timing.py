"""Seconds that questions take, without those of garbage collections, so that both tools are measured alike."""

import gc
import time


class Collections:
    """Seconds spent in garbage collections."""

    def __init__(self):
        self.seconds = 0.0
        gc.callbacks.append(self.watch)

    def watch(self, phase, info):
        if phase == "start":
            self.begin = time.perf_counter()
        else:
            self.seconds += time.perf_counter() - self.begin


collections = Collections()


def timed(function):
    """What the function gives, and its seconds without those of collections."""
    before = collections.seconds
    begin = time.perf_counter()
    result = function()
    return result, time.perf_counter() - begin - (collections.seconds - before)
