"""An exception as JSON: the payload of `host.fail`. It trusts no exception: messages, notes and attributes may raise."""

import asyncio

from _duranium_guest.core.encoding import encode_json
from _duranium_guest.core.errors import DuraniumError
from _duranium_guest.core.frames import traceback_frames

MAX_BYTES = 64 * 1024
MAX_CAUSES = 5
MAX_ERRORS = 10
# Causes and inner errors together, because nested groups multiply.
MAX_INNER = 40
MAX_NAME = 200
MAX_MESSAGE = 32 * 1024
MAX_INNER_MESSAGE = 1024

# Sent if describing a failure fails.
FALLBACK = b'{"name":"Error","message":"The workflow failed, and broke what would have told how","stack":""}'
OUT_OF_MEMORY = b'{"name":"MemoryError","message":"out of memory","stack":""}'


def encode_failure(error: BaseException, fallback_frames: str = "", is_cancelled: bool = False) -> bytes:
    """`{name, message, stack, code?, cause?, errors?}`, of at most 64 KiB. Raises nothing.

    `fallback_frames` stands in for a traceback without frames of the workflow.
    """
    try:
        failure = _describe(error, 0, [MAX_INNER], is_cancelled)
        failure["stack"] = failure["stack"] or fallback_frames
        return _within_limit(failure)
    except MemoryError:
        return OUT_OF_MEMORY
    except BaseException:
        return OUT_OF_MEMORY if isinstance(error, MemoryError) else FALLBACK


def _within_limit(failure):
    whole = encode_json(failure)
    if len(whole) <= MAX_BYTES:
        return whole
    alone = {key: failure[key] for key in ("name", "message", "stack")}
    data = encode_json(alone)
    if len(data) <= MAX_BYTES:
        return data
    # A character takes at most twelve bytes in JSON.
    share = MAX_BYTES // 12 // 2 - MAX_NAME
    return encode_json({**alone, "message": _shorten(alone["message"], share), "stack": alone["stack"][:share]})


def _describe(error, depth, room, is_cancelled=False):
    failure = {"name": _shorten(_name(error), MAX_NAME)}
    if is_cancelled and isinstance(error, asyncio.CancelledError):
        failure["message"], failure["code"] = "The execution was cancelled", "cancelled"
    else:
        failure["message"] = _shorten(_message(error), MAX_INNER_MESSAGE if depth else MAX_MESSAGE)
        code = _read(error, "code")
        if not isinstance(error, SystemExit) and _is_code(code):
            failure["code"] = code
    failure["stack"] = _stack(error)
    if depth < MAX_CAUSES:
        _add_inner(failure, error, depth, room)
    return failure


def _add_inner(failure, error, depth, room):
    cause = error.__cause__
    if cause is None and not error.__suppress_context__:
        cause = error.__context__
    if cause is not None and room[0] > 0:
        room[0] -= 1
        failure["cause"] = _describe(cause, depth + 1, room)
    errors = []
    for inner in error.exceptions[:MAX_ERRORS] if isinstance(error, BaseExceptionGroup) else ():
        if room[0] > 0:
            room[0] -= 1
            errors.append(_describe(inner, depth + 1, room))
    if errors:
        failure["errors"] = errors


def _name(error):
    name = _read(error, "name") if isinstance(error, DuraniumError) else None
    return name if type(name) is str and name else type(error).__name__


def _message(error):
    notes = _read(error, "__notes__")
    lines = [_own_message(error)]
    if isinstance(notes, list):
        lines += [note for note in notes[:20] if type(note) is str]
    return "\n".join(lines)


def _own_message(error):
    if isinstance(error, SyntaxError):
        message = _read(error, "msg")
        return message if type(message) is str else ""
    if isinstance(error, SystemExit):
        return f"The workflow called sys.exit({_shown(error.code)}): return from run(), or raise an exception"
    if isinstance(error, asyncio.CancelledError) and not error.args:
        return "A task was cancelled, and run() awaited it"
    text = _shown(error)
    # The host recognizes the lack of memory by this text.
    return "out of memory" if isinstance(error, MemoryError) and not text else text


def _shown(value):
    """`str(value)`, or a sentence about why there is none."""
    try:
        return str.__str__(str(value))
    except MemoryError:
        raise
    except BaseException as broken:
        return f"[{type(value).__name__}.__str__ raised {type(broken).__name__}]"


def _stack(error):
    frames = traceback_frames(error.__traceback__)
    if isinstance(error, SyntaxError) and type(_read(error, "filename")) is str and type(error.lineno) is int:
        column = error.offset if type(error.offset) is int and error.offset > 0 else 1
        return "\n".join(filter(None, [f"at {error.filename}:{error.lineno}:{column}", frames]))
    return frames


def _is_code(code):
    return (type(code) is str and 0 < len(code) <= MAX_NAME) or type(code) is int and abs(code) < 2**53


def _read(error, attribute):
    try:
        return getattr(error, attribute, None)
    except MemoryError:
        raise
    except BaseException:
        return None


def _shorten(text, length):
    return text if len(text) <= length else f"{text[:length]}… ({len(text) - length} more characters)"
