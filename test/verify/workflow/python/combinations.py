"""How the parts of a program are put together: the counterpart of `combinations.ts`."""

import asyncio


async def in_turn(children):
    return [await child() for child in children]


async def all(children):
    return await asyncio.gather(*(child() for child in children))


async def settled(children):
    endings = await asyncio.gather(*(child() for child in children), return_exceptions=True)
    return [{"caught": str(each)} if isinstance(each, BaseException) else {"value": each} for each in endings]


async def race(children):
    """The winner's place among the children, and what it came to."""
    tasks = begin(children)
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    winner = next(index for index, task in enumerate(tasks) if task in done)
    return [winner, tasks[winner].result()]


async def any(children):
    tasks = begin(children)
    pending = set(tasks)
    while pending:
        _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        for index, task in enumerate(tasks):
            if task.done() and not task.cancelled() and task.exception() is None:
                return [index, task.result()]
    raise Exception(", ".join(str(failure_of(task)) for task in tasks))


def failure_of(task):
    return asyncio.CancelledError("cancelled") if task.cancelled() else task.exception()


def begin(children):
    """The losers go on, and what they fail with counts for nothing."""
    tasks = [asyncio.ensure_future(child()) for child in children]
    for task in tasks:
        task.add_done_callback(failure_of)
    return tasks


async def repeat(at, times, round):
    return [await round(f"{at}#{index}") for index in range(times)]


async def caught(child):
    try:
        return {"value": await child()}
    except Exception as error:
        return {"caught": str(error)}
