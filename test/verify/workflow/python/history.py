"""What an execution has learned: the counterpart of `history.ts`."""

import asyncio
import json
import logging
import random
import time

# Debug lines are part of what is verified.
logging.root.setLevel(logging.DEBUG)

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}


class Aborted(Exception):
    """A fetch that the program gave up."""


def name_of(error):
    """As the errors of TypeScript are called, because the verdict does not depend on the language."""
    if isinstance(error, TimeoutError):
        return "TimeoutError"
    names = {"Aborted": "AbortError", "FetchError": "TypeError", "Report": "Error"}
    name = type(error).__name__
    return names.get(name, name)


def now_ms():
    return round(time.time() * 1_000)


class Diary:
    def __init__(self):
        self.history = []
        self._under_way = {}
        # What was under way when the execution was cancelled.
        self._interrupted = None

    @property
    def saw_cancellation(self):
        return self._interrupted is not None

    def interrupt(self):
        if self._interrupted is None:
            self._interrupted = list(self._under_way)

    def deaf(self):
        """What was under way when the execution was cancelled, and still is: it was not told."""
        return [at for at in self._interrupted or [] if at in self._under_way]

    def note(self, kind, at, what=None):
        entry = {"is": kind, "at": at, "now": now_ms(), "drawn": random.randrange(1_000_000)}
        if what is not None:
            entry["what"] = what
        self.history.append(entry)
        return entry

    async def follow(self, at, awaitable, tell=lambda value: None):
        """Notes when what was begun at a place ended, whether well or not."""
        self._under_way[at] = True
        try:
            value = await awaitable
            self.note("ended", at, tell(value))
            return value
        except BaseException as error:
            self.note("ended", at, name_of(error))
            if isinstance(error, asyncio.CancelledError):
                self.interrupt()
            raise
        finally:
            self._under_way.pop(at, None)

    def say(self, level, at):
        entry = self.note("said", at, level)
        logging.log(LEVELS[level], json.dumps(["at", at, {"drawn": entry["drawn"]}]))
