"""Runs a program, and reports what it came to: the counterpart of `perform.ts`."""

import asyncio
import json

from actions import Actions, Report, request
from history import Diary


async def perform(ctx, payload, programs):
    diary = Diary()
    diary.say("debug", f"{payload['at']}.begins")
    program = programs[ctx.entry_point or "main"]
    actions = Actions(ctx, payload, diary)
    try:
        ending = await watched(actions, lambda: ending_of(program(actions, payload["at"])))
    except asyncio.CancelledError:
        diary.interrupt()
    if diary.saw_cancellation:
        await bid_farewell(actions)
        raise Exception("It was cancelled")
    diary.say("info", f"{payload['at']}.ends")
    report = {**ending, "history": diary.history}
    if "message" in report:
        raise Report(json.dumps(report))
    return report


async def watched(actions, work):
    """A pending timer does not end on a cancellation, but a wait for an event that never arrives does."""
    if not actions.payload["isWatched"]:
        return await work()
    cancellation = asyncio.ensure_future(wait_for_cancellation(actions))
    worked = asyncio.ensure_future(stay(work, cancellation) if actions.payload["stays"] else work())
    done, _ = await asyncio.wait([worked, cancellation], return_when=asyncio.FIRST_COMPLETED)
    return worked.result() if worked in done else cancellation.result()


async def wait_for_cancellation(actions):
    return await ending_of(actions.diary.follow("cancellation", actions.ctx.wait_for_event("never")))


async def stay(work, cancellation):
    await work()
    return await asyncio.shield(cancellation)


async def ending_of(awaitable):
    try:
        return {"value": await awaitable}
    except Exception as error:
        return {"message": str(error)}


async def bid_farewell(actions):
    """What is done in `finally` blocks: it takes a moment, and shows that all that was under way was told."""
    await actions.ctx.sleep("1ms")
    at = f"{actions.payload['at']}.farewell"
    await request(actions.scene, at, "prompt", deaf=actions.diary.deaf())
