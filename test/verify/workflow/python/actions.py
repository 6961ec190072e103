"""What programs do: the counterpart of `actions.ts`. This file is deployed with every program, and runs inside the sandbox."""

import asyncio
import json
import os
import random
import uuid
from urllib.parse import quote

from duranium import CallError, FetchError, fetch
from history import Aborted, name_of, now_ms


class Report(Exception):
    """A failure whose message is a report, as JSON."""


async def request(scene, at, answer, **also):
    ctx, payload, diary = scene
    knows = {
        "execution": ctx.execution_id,
        "root": payload["at"],
        "history": diary.history,
        "now": now_ms(),
        "drawn": [random.random(), str(uuid.uuid4()), *os.urandom(4)],
        **also,
    }
    url = f"{payload['url']}/{payload['run']}/{quote(at, safe='')}?{answer}"
    response = await fetch(url, method="POST", data=json.dumps(knows))
    return [response.status, *response.content] if answer == "bytes" else [response.status, response.json()]


class Actions:
    def __init__(self, ctx, payload, diary):
        self.ctx, self.payload, self.diary = ctx, payload, diary
        self.scene = (ctx, payload, diary)

    async def fetched(self, at, answer):
        try:
            return await self.diary.follow(at, request(self.scene, at, answer))
        except FetchError as error:
            raise Exception(f"{name_of(error)} at {at}") from error

    async def limited(self, at, by, limit_ms):
        answered = self._timed_out(at, limit_ms) if by == "timeout" else self._aborted(at, limit_ms)
        try:
            return await self.diary.follow(at, answered)
        except Exception as error:
            return name_of(error)

    async def _timed_out(self, at, limit_ms):
        async with asyncio.timeout(limit_ms / 1_000):
            return await request(self.scene, at, "slow")

    async def _aborted(self, at, limit_ms):
        task = asyncio.ensure_future(request(self.scene, at, "slow"))
        timer = asyncio.get_running_loop().call_later(limit_ms / 1_000, task.cancel, "given up")
        try:
            return await task
        except asyncio.CancelledError as error:
            if error.args == ("given up",):
                raise Aborted from None
            raise
        finally:
            timer.cancel()

    async def forgotten(self, at, answer):
        task = asyncio.ensure_future(self.fetched(at, answer))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())
        return "begun"

    async def slept(self, at, duration_ms):
        return await timely(duration_ms, self.diary.follow(at, self.ctx.sleep(f"{duration_ms}ms")))

    async def timed(self, at, duration_ms):
        """A cancellation clears timers without a notification, so nothing follows them."""
        loop = asyncio.get_running_loop()
        passed = loop.create_future()
        loop.call_later(duration_ms / 1_000, passed.set_result, None)
        came = await timely(duration_ms, passed)
        self.diary.note("ended", at)
        return came

    async def awaited(self, at, name, limit_ms):
        event = self.ctx.wait_for_event(name, timeout=limit(limit_ms))
        return await in_time(self.diary.follow(at, event, lambda value: value), lambda _: f"event {name}")

    async def called_back(self, at, limit_ms):
        callback = self.ctx.create_callback(timeout=limit(limit_ms))
        requested = self.diary.follow(at, request(self.scene, at, "callback", callback=callback.url))
        came = asyncio.gather(requested, self.diary.follow(f"{at}.posted", callback.wait()))
        expected = {"run": self.payload["run"], "at": at}
        return await in_time(came, lambda both: "called back" if both[1] == expected else both[1])

    async def kept(self, at, deletes):
        """A key of its own."""
        key = f"{self.payload['run']} {at}"
        value = {"at": at, "drawn": random.random()}
        told = {"deleted": key} if deletes else {"key": key, "value": value}
        return await self.diary.follow(at, self._keep(key, value, deletes), lambda _: told)

    async def _keep(self, key, value, deletes):
        state = self.ctx.state
        await state.set(key, value)
        was_there = await state.get(key) == value
        was_listed = key in await state.keys()
        if deletes:
            await state.delete(key)
        is_there = await state.get(key) is not None
        return "kept" if was_there and was_listed and is_there != deletes else "lost"

    async def tallied(self, at):
        """A list that all executions of the workflow write to, each under its own names."""
        name = f"{self.payload['run']} {at}"
        updated = self.ctx.state.update("tally", lambda names: [*names, name], default=[])
        names = await self.diary.follow(at, updated, lambda _: {"tallied": name})
        return "tallied" if names.count(name) == 1 else "lost"

    async def called(self, at, entry_point):
        """A child is the same workflow again, at another entry point."""
        self.diary.note("began", at)
        stays = self.payload["stays"] and not self.diary.saw_cancellation
        child = {**self.payload, "at": f"{at}>", "stays": stays}
        call = self.ctx.call(self.ctx.workflow_id, child, entry_point=entry_point)
        try:
            return (await self.diary.follow(at, call))["value"]
        except CallError as error:
            raise Exception(message_within(error)) from error

    async def sent(self, at, entry_point, delay_ms):
        self.diary.note("began", at)
        child = {**self.payload, "at": f"{at}>", "isWatched": False, "stays": False}
        sending = self.ctx.send(self.ctx.workflow_id, child, entry_point=entry_point, delay=f"{delay_ms}ms")
        await self.diary.follow(at, sending, lambda sent: sent.execution_id)
        return "sent"

    async def said(self, at, level):
        self.diary.say(level, at)

    async def thrown(self, at):
        raise Exception(f"thrown at {at}")


def limit(limit_ms):
    return None if limit_ms is None else f"{limit_ms}ms"


async def timely(duration_ms, wait):
    before = now_ms()
    await wait
    passed_ms = now_ms() - before
    return "on time" if passed_ms >= duration_ms else f"after {passed_ms} ms of {duration_ms}"


async def in_time(came, told):
    try:
        return told(await came)
    except TimeoutError:
        return "timed out"


def message_within(error):
    """Of the report that a failure is."""
    return json.loads(str(error))["message"] if error.name == "Report" else error.name
