"""`ctx.state`: values that all executions of one workflow share. The host stores them."""

import inspect

import _duranium

from _duranium_guest.core.errors import LimitExceededError
from _duranium_guest.core.loop import loop
from _duranium_guest.core.strict_json import to_strict_json
from _duranium_guest.core.encoding import decode_json

MAX_KEY_LENGTH = 256
MAX_VALUE_BYTES = 256 * 1024

# What a function of `update` returns to delete the key.
DELETE = type("DELETE", (), {"__slots__": (), "__repr__": lambda self: "duranium.DELETE"})()


class State:
    __slots__ = ()

    async def get(self, key, default=None):
        return (await _ask({"action": "get", "key": _key(key)})).get("value", default)

    async def set(self, key, value):
        await _ask({"action": "set", "key": _key(key), "value": _json(key, value)})

    async def delete(self, key):
        await _ask({"action": "delete", "key": _key(key)})

    async def keys(self):
        return await _ask({"action": "keys"})

    async def update(self, key, change, default=None):
        """A round fails only if the update of another execution succeeds first. Without a random pause, all of many
        concurrent updates would fail again and again against the next one that succeeds.
        """
        if not callable(change):
            raise TypeError("ctx.state.update takes a key and a function")
        refusals = 0
        while True:
            kept = await _ask({"action": "get", "key": _key(key)})
            new = change(kept.get("value", default))
            if inspect.isawaitable(new):
                new = await new
            arguments = {"action": "update", "key": key, "revision": kept["revision"]}
            if new is not DELETE:
                arguments["value"] = _json(key, new)
            asked_at = _duranium.now()
            if await _ask(arguments) is None:
                return None if new is DELETE else new
            pause = _pause_ms(refusals, _duranium.now() - asked_at)
            await loop.call_host("sleep", {"durationMs": pause})
            refusals += 1


_SHORTEST_WINDOW_MS = 50
_LONGEST_WINDOW_MS = 20_000


def _pause_ms(refusals, waited_ms):
    """The longer the queue of updates was, the longer the interval over which the failed ones spread."""
    window = min(max(_SHORTEST_WINDOW_MS, 2 * waited_ms) * 1.5**refusals, _LONGEST_WINDOW_MS)
    part = int.from_bytes(_duranium.random(5, 4), "little") / 2**32
    return int(window * part) + 1


async def _ask(arguments):
    return (await loop.call_host("state", arguments))[0]


def _key(key):
    if not isinstance(key, str) or key == "":
        raise TypeError(f"A key of ctx.state is a text of 1 to {MAX_KEY_LENGTH} characters")
    length = len(key.encode("utf-16-le", "surrogatepass")) // 2
    if length > MAX_KEY_LENGTH:
        raise LimitExceededError(
            f"A key of ctx.state has {length} characters, and the limit is {MAX_KEY_LENGTH} (maxStateKeyLength)"
        )
    return key


def _json(key, value):
    """The value as JSON represents it."""
    data = to_strict_json(value, "value", f"The value of ctx.state {key!r}")
    if len(data) > MAX_VALUE_BYTES:
        raise LimitExceededError(
            f"The value of ctx.state {key!r} has {len(data)} bytes, and the limit is {MAX_VALUE_BYTES} (stateValueBytes)"
        )
    return decode_json(data)
