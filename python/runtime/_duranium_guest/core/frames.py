"""The frames of the author's code, as failures and call sites show them: `at total (flow.py:12:7)`."""

import sys
from itertools import islice

MAX_FRAMES = 50

# Files of the engine, not of the workflow.
_ENGINE = ("/lib/", "<frozen")


def traceback_frames(traceback) -> str:
    """The frames of a traceback, innermost first, one per line. Lines and columns count from 1."""
    frames = []
    while traceback is not None:
        frame = _describe(traceback.tb_frame.f_code, traceback.tb_lasti, traceback.tb_lineno)
        if frame is not None:
            frames.append(frame)
        traceback = traceback.tb_next
    return "\n".join(reversed(frames[-MAX_FRAMES:]))


def current_frames() -> str:
    """The frames of the running code, innermost first. Frames that await are among them."""
    frames = []
    frame = sys._getframe(1)
    while frame is not None and len(frames) < MAX_FRAMES:
        described = _describe(frame.f_code, frame.f_lasti, frame.f_lineno)
        if described is not None:
            frames.append(described)
        frame = frame.f_back
    return "\n".join(frames)


def function_frame(function) -> str:
    """A frame for the first line of a function, or no text if it is not a plain function of the workflow."""
    code = getattr(function, "__code__", None)
    if code is None or code.co_filename.startswith(_ENGINE):
        return ""
    return f"at {_name(code)} ({code.co_filename}:{code.co_firstlineno}:1)"


def _describe(code, instruction, line):
    if code.co_filename.startswith(_ENGINE):
        return None
    return f"at {_name(code)} ({code.co_filename}:{line or code.co_firstlineno}:{_column(code, instruction)})"


def _name(code):
    return code.co_qualname.rpartition("<locals>.")[2][:200]


def _column(code, instruction):
    if instruction < 0:
        return 1
    position = next(islice(code.co_positions(), instruction // 2, None), None)
    return 1 if position is None or position[2] is None else position[2] + 1
