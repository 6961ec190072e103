"""The event loop of an execution, and its host calls.

Coroutines keep no stack, so the loop runs what is ready and returns to the host, which answers calls in later turns.

1. Ids of calls are 0, 1, 2… in the order of the calls. No id is used twice.
2. An answer settles a call at most once. Answers to abandoned or unknown calls are ignored.
3. Before an execution has started, no call reaches the host.
4. The number of pending calls is limited. The host receives the first call above the limit and ends the execution.
"""

import asyncio
import collections
import math
from asyncio import events, futures, tasks

import _duranium

from _duranium_guest.core.encoding import decode_json, encode_json
from _duranium_guest.core.errors import LimitExceededError, UnavailableError, describe_host_error
from _duranium_guest.core.frames import current_frames

MAX_CALLS_IN_FLIGHT = 1_000
MAX_WAIT_MS = 366 * 24 * 60 * 60 * 1_000
# `asyncio.sleep(0)` in one turn. Later ones become timers of 1 ms: code that polls for an answer must let the turn end.
MAX_YIELDS = 1_000

_set_running_loop = events._set_running_loop
_call, _abandon, _now = _duranium.call, _duranium.abandon, _duranium.now


class HostCall(asyncio.Future):
    """A pending call. Its result is `(value, body)`. Cancelling it takes the call back."""

    call_id = None
    operation = ""

    def cancel(self, msg=None):
        if loop.pending.pop(self.call_id, None) is not None:
            _abandon(self.call_id)
        return super().cancel(msg)


class _HostTimer(events.TimerHandle):
    """A callback that waits for a timer of the host."""

    __slots__ = ("call_id",)

    def __init__(self, when, callback, args, loop, context):
        super().__init__(when, callback, args, loop, context)
        # None for one that waits for nothing, because its time has come, or never comes.
        self.call_id = None


class Loop(events.AbstractEventLoop):
    def __init__(self):
        self.reset()

    def reset(self):
        self.pending = {}
        self.main = None
        self.is_started = False
        self.is_cancelled = False
        self.uncaught = []
        self._task_factory = None
        self._ready = collections.deque()
        self._next_id = 0
        self._has_call_sites = False
        self._is_flooded = False
        self._yields = 0
        self._started_at = 0.0

    def start(self, has_call_sites):
        """Called when an execution starts. From then on, calls reach the host."""
        self.is_started = True
        self._started_at = _now()
        self._has_call_sites = has_call_sites

    # What asyncio asks of a loop.

    def get_debug(self):
        return False

    def set_debug(self, enabled):
        pass

    def is_running(self):
        return True

    def is_closed(self):
        return False

    def time(self):
        """Seconds since the execution started."""
        return (_now() - self._started_at) / 1_000

    def call_soon(self, callback, *args, context=None):
        handle = events.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    call_soon_threadsafe = call_soon

    def call_later(self, delay, callback, *args, context=None):
        return self.call_at(self.time() + delay, callback, *args, context=context)

    def call_at(self, when, callback, *args, context=None):
        handle = _HostTimer(when, callback, args, self, context)
        seconds = when - self.time()
        if seconds == math.inf:
            return handle
        duration_ms = whole_ms(max(min(seconds, MAX_WAIT_MS / 1_000), 0))
        if duration_ms == 0:
            self._ready.append(handle)
            return handle
        handle.call_id = self._ask("timer", {"durationMs": duration_ms}, b"", handle)
        handle._scheduled = True
        return handle

    def _timer_handle_cancelled(self, handle):
        if self.pending.pop(handle.call_id, None) is not None:
            _abandon(handle.call_id)

    def create_future(self):
        return futures.Future(loop=self)

    def create_task(self, coro, *, name=None, context=None, **options):
        if self._task_factory is None:
            return tasks.Task(coro, loop=self, name=name, context=context, **options)
        if context is not None:
            options["context"] = context
        task = self._task_factory(self, coro, **options)
        if name is not None:
            task.set_name(name)
        return task

    def get_task_factory(self):
        return self._task_factory

    def set_task_factory(self, factory):
        if factory is not None and not callable(factory):
            raise TypeError("The task factory is a callable or None")
        self._task_factory = factory

    def set_default_executor(self, executor):
        """Has no effect: functions of executors run at once."""

    def run_in_executor(self, executor, func, *args):
        """Calls `func` before it returns: there are no threads."""
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future

    async def shutdown_asyncgens(self):
        pass

    async def shutdown_default_executor(self, timeout=None):
        pass

    def get_exception_handler(self):
        return None

    def call_exception_handler(self, context):
        """Called for a task that failed and that nothing awaited, and for a callback that raised."""
        error = context.get("exception")
        if error is not None and not isinstance(error, asyncio.CancelledError):
            self.uncaught.append((str(context.get("message")), error))

    default_exception_handler = call_exception_handler

    def run_until_complete(self, future):
        raise RuntimeError("The event loop runs already: write `await` in run(ctx, payload)")

    def run_forever(self):
        raise RuntimeError("The event loop runs already: write `await` in run(ctx, payload)")

    def stop(self):
        raise RuntimeError("The event loop ends with the execution: return from run(ctx, payload)")

    def close(self):
        pass

    # Host calls.

    def call_host(self, operation, arguments, body=b""):
        """Asks the host, before it returns. Raises LimitExceededError if too many calls are pending."""
        future = HostCall(loop=self)
        future.operation = operation
        future.call_id = self._ask(operation, arguments, body, future)
        return future

    def _ask(self, operation, arguments, body, waiting):
        if not self.is_started:
            raise RuntimeError(f"{operation} is not available while the workflow is loaded: use it inside run()")
        data = encode_json(arguments)
        call_id = self._next_id
        if len(self.pending) >= MAX_CALLS_IN_FLIGHT:
            if not self._is_flooded:
                _call(call_id, operation, data, body)
            self._is_flooded = True
            raise LimitExceededError(f"More than {MAX_CALLS_IN_FLIGHT} host calls at once (callsInFlight)")
        if self._has_call_sites:
            # JSON has no line break, so the frames follow one.
            data = b"%b\n%b" % (data, current_frames().encode())
        _call(call_id, operation, data, body)
        self._next_id = call_id + 1
        self.pending[call_id] = waiting
        return call_id

    def settle(self, call_id, outcome, body):
        waiting = self.pending.pop(call_id, None)
        if waiting is None:
            return
        if isinstance(waiting, _HostTimer):
            self._ready.append(waiting)
        else:
            settled = decode_json(outcome)
            if settled["ok"]:
                waiting.set_result((settled.get("value"), body))
            else:
                waiting.set_exception(describe_host_error(waiting.operation, settled["error"]))
        self.drain()

    def cancel(self):
        """Cancels `run`, as `asyncio` cancels a task, and then the calls that nothing has cancelled by then.

        The host has dropped all of them, and no timer fires any more.
        """
        dropped = list(self.pending.values())
        self.pending.clear()
        self.is_cancelled = True
        if self.main is not None:
            self.main.cancel()
        self.drain()
        for waiting in dropped:
            if isinstance(waiting, HostCall):
                waiting.cancel()
        self.drain()

    def drain(self):
        """Runs what is ready until nothing is. Raises nothing."""
        ready = self._ready
        self._yields = 0
        _set_running_loop(self)
        while ready:
            handle = ready.popleft()
            if not handle._cancelled:
                try:
                    handle._run()
                except BaseException as error:
                    self.uncaught.append(("Uncaught exception", error))
        # A failed task whose traceback refers to this frame would not become garbage.
        handle = None
        _set_running_loop(None)

    def count_yield(self):
        """True if the task should let the turn end."""
        self._yields += 1
        return self._yields > MAX_YIELDS and len(self.pending) > 0


def whole_ms(seconds):
    """Milliseconds, rounded up, but not for what the representation of a float adds."""
    return math.ceil(round(seconds * 1_000, 6))


async def sleep(delay, result=None):
    """`asyncio.sleep`, with the wait as a step of the execution."""
    if delay != delay:
        raise ValueError("Invalid delay: NaN (not a number)")
    duration_ms = whole_ms(max(min(delay, MAX_WAIT_MS), 0))
    if duration_ms > 0:
        await loop.call_host("sleep", {"durationMs": duration_ms})
    elif loop.count_yield():
        await loop.call_host("timer", {"durationMs": 1})
    else:
        await _yield()
    return result


_yield = tasks.__sleep0


def failed_tasks():
    """The tasks that have failed and that nothing has awaited."""
    known = list(getattr(tasks, "_scheduled_tasks", ()))
    found = [task for task in known if task.done() and getattr(task, "_log_traceback", False)]
    return sorted(found, key=lambda task: task.get_name())


async def end_other_tasks():
    """Cancels all other tasks, as `asyncio.run` does, and waits until they have ended."""
    others = tasks.all_tasks(loop) - {tasks.current_task(loop)}
    for task in others:
        task.cancel()
    if others:
        await tasks.wait(others)


def install():
    asyncio.sleep = tasks.sleep = sleep
    events.set_event_loop_policy(_Policy())


class _Policy(events.AbstractEventLoopPolicy):
    def get_event_loop(self):
        return loop

    def set_event_loop(self, loop):
        raise UnavailableError(_one_loop)

    def new_event_loop(self):
        raise UnavailableError(_one_loop)


_one_loop = "A workflow has one event loop, which Duranium runs: define `async def run(ctx, payload)` and await in it"

loop = Loop()
