"""Waits for what comes from outside: events and callbacks.

The events of one name form a queue, and so do their waiters: the first waiter gets the first event.

1. The host numbers the events of a name 0, 1, 2… At most one call requests the next event, and only while there is a
   waiter, so an abandoned wait keeps no execution open.
2. Each event is delivered to exactly one waiter. An event whose waiters are leaving is stored for the next one.
"""

import asyncio
import collections
import re

from _duranium_guest.core.duration import duration_ms
from _duranium_guest.core.loop import loop

_event_name = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}").fullmatch

_queues = {}


def reset():
    _queues.clear()


async def wait_for_event(name, timeout):
    if not isinstance(name, str) or not _event_name(name):
        raise ValueError(f'{name!r} is no name of an event: use 1 to 128 letters, digits, ".", "_", ":" and "-"')
    queue = _queues.get(name) or _queues.setdefault(name, _Queue(name))
    return await _at_most(timeout, f'The event "{name}"', queue.take())


class _Queue:
    def __init__(self, name):
        self._name = name
        # The number of the event to request next.
        self._next = 0
        self._call = None
        self._waiters = collections.deque()
        self._kept = collections.deque()

    async def take(self):
        waiter = loop.create_future()
        self._waiters.append(waiter)
        try:
            self._hand_out()
            return await waiter
        except BaseException:
            if waiter.done() and not waiter.cancelled() and waiter.exception() is None:
                # The event came in the turn in which its waiter was cancelled.
                self._kept.appendleft(waiter.result())
            self._leave(waiter)
            raise

    def _leave(self, waiter):
        if waiter in self._waiters:
            self._waiters.remove(waiter)
        if self._waiters:
            self._hand_out()
        elif self._call is not None:
            call, self._call = self._call, None
            call.cancel()

    def _hand_out(self):
        while self._waiters and self._kept:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(self._kept.popleft())
        if self._waiters and self._call is None:
            self._call = loop.call_host("wait", {"event": self._name, "index": self._next})
            self._call.add_done_callback(self._receive)

    def _receive(self, call):
        if call is not self._call:
            return
        self._call = None
        if call.cancelled():
            for waiter in self._waiters:
                waiter.cancel()
        elif call.exception() is not None:
            for waiter in self._waiters:
                waiter.set_exception(call.exception())
            self._waiters.clear()
        else:
            self._next += 1
            self._kept.append(call.result()[0])
            self._hand_out()


class Callback:
    """A URL for another system. Awaiting the callback gives the JSON that the system posts to it."""

    __slots__ = ("url", "_number", "_timeout", "_call", "_waiting")

    def __init__(self, url, number, timeout):
        if timeout is not None:
            duration_ms(timeout)
        self.url = url
        self._number = number
        self._timeout = timeout
        self._waiting = 0
        self._call = loop.call_host("wait", {"callback": number})

    def __repr__(self):
        return f"Callback(url={self.url!r})"

    def __await__(self):
        return self.wait().__await__()

    async def wait(self, timeout=None):
        """The posted JSON. Raises TimeoutError if it does not come in time. It can be awaited again then."""
        return await _at_most(self._timeout if timeout is None else timeout, "The callback", self._take())

    async def _take(self):
        if self._call.cancelled():
            self._call = loop.call_host("wait", {"callback": self._number})
        call = self._call
        self._waiting += 1
        try:
            return (await asyncio.shield(call))[0]
        finally:
            self._waiting -= 1
            if self._waiting == 0 and not call.done():
                call.cancel()


async def _at_most(timeout, what, wait):
    if timeout is None:
        return await wait
    try:
        seconds = duration_ms(timeout) / 1_000
    except BaseException:
        wait.close()
        raise
    try:
        async with asyncio.timeout(seconds) as limit:
            return await wait
    except TimeoutError:
        if not limit.expired():
            raise
        shown = timeout if isinstance(timeout, str) else f"{seconds:g} s"
        raise TimeoutError(f"{what} did not come within {shown}") from None
