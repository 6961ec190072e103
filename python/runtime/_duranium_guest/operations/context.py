"""The first argument of a workflow's `run`."""

import re
from types import SimpleNamespace

import _duranium

from _duranium_guest.operations import helpers
from _duranium_guest.core.duration import duration_ms, instant_ms
from _duranium_guest.core.encoding import decode_json
from _duranium_guest.core.errors import LimitExceededError
from _duranium_guest.core.loop import MAX_WAIT_MS, loop
from _duranium_guest.operations.state import State
from _duranium_guest.core.strict_json import to_strict_json
from _duranium_guest.operations.waiting import Callback, wait_for_event

MAX_TAGS = 10

_secret_name = re.compile(r"[A-Z][A-Z0-9_]{0,63}").fullmatch
_tag = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/=@-]{0,63}").fullmatch


class ScheduledRun:
    """The run of a schedule: `id`, `scheduled_at` and `previous_at` (None in the first one), in ISO 8601."""

    __slots__ = ("id", "scheduled_at", "previous_at")

    def __init__(self, id, scheduled_at, previous_at=None):
        self.id, self.scheduled_at, self.previous_at = id, scheduled_at, previous_at

    def __repr__(self):
        return f"ScheduledRun(id={self.id!r}, scheduled_at={self.scheduled_at!r}, previous_at={self.previous_at!r})"


class Secrets:
    """A placeholder for each name, which the host replaces with the secret when a request leaves the sandbox."""

    __slots__ = ("_suffix",)

    def __init__(self):
        self._suffix = None

    def __getattr__(self, name):
        if not _secret_name(name):
            raise AttributeError(f'{name!r} is no name of a secret: use capital letters, digits and "_"')
        if self._suffix is None:
            self._suffix = _duranium.random(6, 16).hex()
        return f"secret_{name}_{self._suffix}"

    def __getitem__(self, name):
        if not isinstance(name, str) or not _secret_name(name):
            raise KeyError(f'{name!r} is no name of a secret: use capital letters, digits and "_"')
        return getattr(self, name)

    def __contains__(self, name):
        return isinstance(name, str) and _secret_name(name) is not None

    async def hmac_sha256(self, name, data):
        """Signs with a secret that never enters the sandbox. Returns 32 bytes."""
        if not self.__contains__(name):
            raise ValueError(f'{name!r} is no name of a secret: use capital letters, digits and "_"')
        body = data.encode() if isinstance(data, str) else bytes(memoryview(data))
        return (await loop.call_host("hmac", {"secret": name}, body))[1]


class SentExecution:
    """An execution that `ctx.send` has started."""

    __slots__ = ("execution_id",)

    def __init__(self, execution_id):
        self.execution_id = execution_id

    def __repr__(self):
        return f"SentExecution(execution_id={self.execution_id!r})"


class WorkflowContext:
    """What an execution knows of itself, and the operations of Duranium. It cannot be changed."""

    __slots__ = (
        "workflow_id", "version", "execution_id", "entry_point", "schedule", "state", "secrets",
        "_callback_url", "_callbacks", "_tags",
    )  # fmt: skip

    def __init__(self, *, workflow_id, version, execution_id, entry_point, callback_url, schedule=None):
        members = {
            "workflow_id": workflow_id,
            "version": version,
            "execution_id": execution_id,
            "entry_point": entry_point,
            "schedule": None if schedule is None else _scheduled_run(schedule),
            "state": State(),
            "secrets": Secrets(),
            "_callback_url": callback_url,
            "_callbacks": SimpleNamespace(created=0),
            "_tags": [],
        }
        for name, value in members.items():
            object.__setattr__(self, name, value)

    def __repr__(self):
        return f"WorkflowContext(workflow_id={self.workflow_id!r}, execution_id={self.execution_id!r})"

    def __setattr__(self, name, value):
        raise AttributeError(f"ctx.{name} cannot be set: ctx cannot be changed")

    __delattr__ = lambda self, name: self.__setattr__(name, None)

    async def sleep(self, duration):
        await loop.call_host("sleep", {"durationMs": duration_ms(duration)})

    async def sleep_until(self, instant):
        duration = max(0, instant_ms(instant) - int(_duranium.now()))
        if duration > MAX_WAIT_MS:
            raise ValueError(f"Cannot wait until {instant}: at most 366 days are possible")
        await loop.call_host("sleep", {"durationMs": duration})

    async def wait_for_event(self, name, *, timeout=None):
        return await wait_for_event(name, timeout)

    def create_callback(self, *, timeout=None):
        number = self._callbacks.created
        self._callbacks.created += 1
        url = f"{self._callback_url}{self.execution_id}.{number}.{_duranium.random(4, 32).hex()}"
        return Callback(url, number, timeout)

    async def call(self, workflow_id, payload=None, *, entry_point=None):
        return (await loop.call_host("call", _called(workflow_id, payload, entry_point)))[0]

    async def send(self, workflow_id, payload=None, *, entry_point=None, delay=None, at=None):
        if delay is not None and at is not None:
            raise TypeError("Give either `delay` or `at`, not both")
        arguments = _called(workflow_id, payload, entry_point)
        arguments["delayMs"] = 0 if delay is None else duration_ms(delay)
        if at is not None:
            arguments["at"] = instant_ms(at)
        return SentExecution((await loop.call_host("send", arguments))[0]["executionId"])

    async def tag(self, *tags):
        added = [_require_tag(tag) for tag in dict.fromkeys(tags)]
        added = [tag for tag in added if tag not in self._tags]
        if not added:
            return
        count = len(self._tags) + len(added)
        if count > MAX_TAGS:
            raise LimitExceededError(
                f"A workflow sets {count} tags of its execution, and the limit is {MAX_TAGS} (maxExecutionTags)"
            )
        self._tags.extend(added)
        await loop.call_host("tag", {"tags": added})

    async def retry(self, operation, **options):
        return await helpers.retry(operation, **options)


def _scheduled_run(schedule):
    return ScheduledRun(schedule["id"], schedule["scheduledAt"], schedule.get("previousAt"))


def _called(workflow_id, payload, entry_point):
    if not isinstance(workflow_id, str):
        raise TypeError("The id of the workflow is no text")
    if entry_point is not None and not isinstance(entry_point, str):
        raise TypeError("The entry point is no text")
    data = to_strict_json(payload, "payload", f'The payload for "{workflow_id}"')
    arguments = {"workflowId": workflow_id, "payload": decode_json(data)}
    return arguments if entry_point is None else {**arguments, "entryPoint": entry_point}


def _require_tag(tag):
    if not isinstance(tag, str):
        raise TypeError(f"A tag is text, and this one is of type {type(tag).__name__}")
    if not _tag(tag):
        raise ValueError(
            f'{tag[:100]!r} is no tag: use 1 to 64 letters, digits and ". _ : / = @ -", beginning with a letter or digit'
        )
    return tag
