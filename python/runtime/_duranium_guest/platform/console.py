"""The console of an execution: `print`, `logging`, `warnings`, and writes to `sys.stdout` and `sys.stderr`."""

import builtins
import io
import logging
import sys
import warnings

import _duranium

from _duranium_guest.core.encoding import encode_json

DEBUG, INFO, WARN, ERROR = 0, 1, 2, 3

MAX_LINE_BYTES = 16 * 1024
# Characters that are kept while a line has no end yet.
MAX_PARTIAL = 64 * 1024

_log = _duranium.log


def write_line(level: int, text: str) -> None:
    """One line of the console. Longer lines are truncated and say so."""
    length = MAX_LINE_BYTES - 512
    data = encode_json([text if len(text) <= length else _shorten(text, length)])
    while len(data) > MAX_LINE_BYTES:
        length //= 2
        data = encode_json([_shorten(text, length)])
    _log(level, data)


def _shorten(text, length):
    return f"{text[:length]}… ({len(text) - length} more characters)"


class ConsoleStream(io.TextIOBase):
    """A text stream whose lines are lines of the console."""

    encoding = "utf-8"
    errors = "replace"
    newlines = None

    def __init__(self, level):
        self.level = level
        self.name = "<console>"
        self.buffer = _Buffer(self)
        self._partial = ""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        *lines, partial = (self._partial + text).split("\n")
        for line in lines:
            write_line(self.level, line)
        self._partial = partial
        if len(partial) > MAX_PARTIAL:
            self.end_line()
        return len(text)

    def end_line(self):
        """Writes what has no line end yet. Called at the end of each turn, and not by `flush`."""
        if self._partial:
            line, self._partial = self._partial, ""
            write_line(self.level, line)

    def flush(self):
        pass

    def close(self):
        pass

    def writable(self):
        return True


class _Buffer(io.RawIOBase):
    def __init__(self, stream):
        self._stream = stream

    def writable(self):
        return True

    def write(self, data):
        self._stream.write(bytes(data).decode("utf-8", "replace"))
        return len(data)


stdout = ConsoleStream(INFO)
stderr = ConsoleStream(ERROR)

_builtin_print = builtins.print


def print(*values, sep=" ", end="\n", file=None, flush=False):
    """The builtin `print`. Its text is one line of the console, also if it has several lines."""
    stream = sys.stdout if file is None else file
    if type(stream) is not ConsoleStream or end != "\n" or stream._partial:
        _builtin_print(*values, sep=sep, end=end, file=stream, flush=flush)
        return
    separator = " " if sep is None else sep
    write_line(stream.level, separator.join([str(value) for value in values]))


def level_of(level: int) -> int:
    """The console's level of a level of `logging`."""
    return DEBUG if level < logging.INFO else INFO if level < logging.WARNING else WARN if level < logging.ERROR else ERROR


_emit_to_stream = logging.StreamHandler.emit


def _emit(handler, record):
    """A handler that writes to the console keeps the level of its records."""
    if type(handler.stream) is not ConsoleStream:
        return _emit_to_stream(handler, record)
    try:
        write_line(level_of(record.levelno), handler.format(record))
    except RecursionError:
        raise
    except Exception:
        handler.handleError(record)


def _show_warning(message):
    text = f"{message.filename}:{message.lineno}: {message.category.__name__}: {message.message}"
    write_line(WARN, text)


def end_lines():
    stdout.end_line()
    stderr.end_line()


def install():
    sys.stdout = sys.__stdout__ = stdout
    sys.stderr = sys.__stderr__ = stderr
    builtins.print = print
    logging.StreamHandler.emit = _emit
    logging.lastResort.setLevel(logging.NOTSET)
    # A workflow has no configuration of its own for what it logs, so what is of interest is written.
    logging.root.setLevel(logging.INFO)
    # The console shows the level of a line; `basicConfig` without a format writes the message alone.
    logging.BASIC_FORMAT = "%(message)s"
    logging._STYLES["%"] = (logging.PercentStyle, "%(message)s")
    warnings._showwarnmsg_impl = _show_warning
