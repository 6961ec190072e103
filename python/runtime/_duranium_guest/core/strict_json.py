"""JSON of the values that leave a workflow: its result, payloads for other workflows, values of its state.

Values with one obvious form are written in it: dataclasses and mappings as objects, tuples as arrays, dates, times and
UUIDs as text, members of an `Enum` as their value. Everything else is an error that names the part.
"""

import dataclasses
import datetime
import decimal
import enum
import json
import re
import types
import uuid
from collections.abc import Mapping

MAX_DEPTH = 200
MAX_BREADTH = 100_000
# Readers of JSON such as JavaScript round integers beyond this one.
MAX_INTEGER = 2**53 - 1

_long_number = re.compile(r"\d{16}").search
_identifier = re.compile(r"[A-Za-z_]\w{0,99}").fullmatch


def to_strict_json(value, root: str, what: str) -> bytes:
    """Raises TypeError naming the first part that JSON cannot represent: `result.items[3].total is a Decimal: …`.

    `root` names the value in paths, `what` in messages.
    """
    try:
        text = _encode(value)
        if not _long_number(text) or _find_fault(value, root, ()) is None:
            return text.encode()
    except UnicodeEncodeError:
        return _encode_ascii(value).encode()
    except RecursionError as error:
        fault = _find_fault(value, root, ()) or f"{root} is nested too deeply"
        raise TypeError(f"{what} is not JSON: {fault}") from error
    except (TypeError, ValueError) as error:
        fault = _find_fault(value, root, ()) or f"a part of it cannot be read: {type(error).__name__}: {error}"
        raise TypeError(f"{what} is not JSON: {fault}") from None
    raise TypeError(f"{what} is not JSON: {_find_fault(value, root, ())}")


def _plain(value):
    """The form of a value that the encoder does not know. Raises TypeError if it has none."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)


_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=_plain).encode
_encode_ascii = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_plain).encode


def _find_fault(value, path, above):
    """A sentence about the first part that JSON cannot represent."""
    if value is None or isinstance(value, (str, bool)):
        return None
    if isinstance(value, int):
        if abs(int(value)) <= MAX_INTEGER:
            return None
        return f"{path} is an integer beyond 2**53 - 1, which readers of JSON round: return str(…) of it"
    if isinstance(value, float):
        return None if abs(value) < float("inf") else f"{path} is {value}"
    if any(value is one for one in above):
        return f"{path} is an object that contains itself"
    if len(above) > MAX_DEPTH:
        return f"{path[:60]}… is nested too deeply"
    if isinstance(value, (list, tuple)):
        parts = ((f"{path}[{place}]", item) for place, item in enumerate(value[:MAX_BREADTH]))
    elif isinstance(value, dict):
        for key in value:
            if not isinstance(key, (str, int, float, bool, type(None))):
                return f"{path} has a key that is {_kind(key)}: keys are text"
        parts = ((_path(path, key), item) for key, item in list(value.items())[:MAX_BREADTH])
    else:
        return _find_fault_of_object(value, path, above)
    for part, item in parts:
        fault = _find_fault(item, part, (*above, value))
        if fault is not None:
            return fault
    return None


def _find_fault_of_object(value, path, above):
    try:
        plain = _plain(value)
    except TypeError:
        return f"{path} is {_kind(value)}"
    except Exception as error:
        return f"{path} cannot be read: {type(error).__name__}"
    return _find_fault(plain, path, (*above, value))


def _path(path, key):
    if isinstance(key, str) and _identifier(key):
        return f"{path}.{key}"
    return f"{path}[{str(key)[:100]!r}]"


_hints = (
    ((bytes, bytearray, memoryview), "return text, such as base64.b64encode(…).decode()"),
    (decimal.Decimal, "return str(…) or float(…) of it"),
    ((set, frozenset), "return sorted(…) or list(…) of it"),
    (datetime.timedelta, "return its total_seconds()"),
    ((types.GeneratorType, range), "return list(…) of it"),
    (types.CoroutineType, "await it"),
)


def _kind(value):
    name = type(value).__name__
    article = "an" if name[:1] in "aeiouAEIOU" else "a"
    kind = name if isinstance(value, (bytes, bytearray)) else f"{article} {name}"
    hint = next((hint for types_, hint in _hints if isinstance(value, types_)), None)
    return kind if hint is None else f"{kind}: {hint}"
