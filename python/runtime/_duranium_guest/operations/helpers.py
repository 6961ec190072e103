"""`retry` and `map_concurrent`: plain code on top of the host calls. Their waits are durable because `sleep` is."""

import asyncio
import inspect

import _duranium

from _duranium_guest.core.duration import duration_ms
from _duranium_guest.core.loop import loop


async def retry(operation, *, attempts=5, delay=1, factor=2, max_delay=60, should_retry=None):
    if not callable(operation):
        raise TypeError("retry takes the function to try, such as `lambda: fetch(url)`")
    if not factor >= 0:
        raise ValueError(f"The factor of the waits is {factor}, and must be 0 or more")
    longest_ms = duration_ms(max_delay)
    wait_ms = min(duration_ms(delay), longest_ms)
    attempt = 1
    while True:
        try:
            return await _resolved(_try(operation, attempt))
        except Exception as error:
            if attempt >= attempts or loop.is_cancelled:
                raise
            if should_retry is not None and not await _resolved(should_retry(error, attempt)):
                raise
        # Shortened at random by up to a half, so that callers that failed together do not retry together.
        await loop.call_host("sleep", {"durationMs": round(wait_ms * (1 - _fraction() / 2))})
        wait_ms = min(wait_ms * factor, longest_ms)
        attempt += 1


def _fraction():
    """A random number of the runtime's own, so that retries do not change the numbers of the workflow."""
    return int.from_bytes(_duranium.random(5, 4), "little") / 2**32


def _try(operation, attempt):
    """A function that takes an argument gets the number of the attempt, counted from 1."""
    code = getattr(operation, "__code__", None)
    is_given = code is not None and code.co_argcount - inspect.ismethod(operation) > len(operation.__defaults__ or ())
    return operation(attempt) if is_given else operation()


async def map_concurrent(items, operation, *, concurrency):
    if not concurrency >= 1:
        raise ValueError("The concurrency must be 1 or more")
    given = list(items)
    results = [None] * len(given)
    rest = iter(enumerate(given))

    async def work():
        for index, item in rest:
            results[index] = await _resolved(operation(item))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(int(concurrency), len(given), 1_000)):
                group.create_task(work())
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return results


async def _resolved(value):
    return await value if inspect.isawaitable(value) else value
