"""What a workflow cannot do raises an error that names what to use instead."""

import builtins
import faulthandler
import io
import os
import posix
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

from _duranium_guest.modules import files
from _duranium_guest.core.errors import UnavailableError
from _duranium_guest.core.loop import Loop

_SLEEP = "time.sleep() would stop the execution's only thread: write `await asyncio.sleep(seconds)` or `await ctx.sleep(\"5m\")`"
_SOCKET = "A workflow opens no sockets: use `await fetch(url)` of the module duranium, or httpx.AsyncClient"
_PROCESS = "A workflow starts no processes: call a service with `await fetch(url)`, or another workflow with `await ctx.call(…)`"
_THREAD = "A workflow has one thread: use asyncio.create_task, asyncio.gather or asyncio.TaskGroup; asyncio.to_thread runs its function at once"
_WAIT = "Nothing would end this wait, because a workflow has one thread: use asyncio.Event, asyncio.Queue or asyncio.Condition"
_FILE = "A workflow has no file system: read files of the deploy by their path, keep values in ctx.state, use io.BytesIO for data in memory"
_SIGNAL = "A workflow receives no signals: cancellation is an asyncio.CancelledError"
_CRASH = "A workflow does not end the interpreter: return from run(), or raise an exception"
_UNCAUGHT = 'What a task raises and nothing catches ends the execution: write `unhandled_errors = "warn"` at the top level to only log it'
_INPUT = "A workflow has no terminal: wait for input with `await ctx.wait_for_event(name)`"

# The engine has no such modules, and what a workflow uses in their place.
MISSING_MODULES = {
    "_bz2": "the engine has no bzip2: use zlib or gzip",
    "_lzma": "the engine has no LZMA: use zlib or gzip",
    "_curses": "a workflow has no terminal",
    "_sqlite3": "keep values in ctx.state, or call a database over HTTP with fetch",
    "_tkinter": "a workflow has no screen",
    "cProfile": "a workflow's clock stands still while it computes",
    "ctypes": "a workflow loads no native code: use a package in pure Python",
    "_ctypes": "a workflow loads no native code: use a package in pure Python",
    "curses": "a workflow has no terminal",
    "dbm": "keep values in ctx.state",
    "antigravity": "a workflow has no screen",
    "ensurepip": "packages are collected when the workflow is deployed",
    "fcntl": "a workflow has no file system",
    "idlelib": "a workflow has no screen",
    "mmap": "a workflow has no file system",
    "multiprocessing": "a workflow has one process: use asyncio.gather, or start executions with ctx.send",
    "pdb": "a workflow has no terminal: step through a replay in the web UI",
    "pip": "packages are collected when the workflow is deployed",
    "profile": "a workflow's clock stands still while it computes",
    "pty": "a workflow has no terminal",
    "pwd": "a workflow has no users",
    "readline": "a workflow has no terminal",
    "resource": "limits are those of the workflow's settings",
    "sqlite3": "keep values in ctx.state, or call a database over HTTP with fetch",
    "syslog": "use print or logging",
    "termios": "a workflow has no terminal",
    "tkinter": "a workflow has no screen",
    "tty": "a workflow has no terminal",
    "turtle": "a workflow has no screen",
    "webbrowser": "a workflow has no screen",
    "venv": "packages are collected when the workflow is deployed",
}

# The depth of calls that Python allows by default is 1,000. Each level takes memory, and describing a failure some more.
MAX_RECURSION = 20_000


def _raising(message):
    def unavailable(*args, **kwargs):
        raise UnavailableError(message)

    return unavailable


class MissingModules:
    """The last finder: explains why a module of the standard library is not there."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        instead = MISSING_MODULES.get(name.partition(".")[0])
        if instead is None:
            return None
        raise ModuleNotFoundError(f"No module named {name!r} in a workflow: {instead}", name=name)


_text_mode = set("rbtU")


def _open(file, mode="r", buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None):
    """Opens a file of the workflow for reading."""
    path = os.fspath(file) if not isinstance(file, int) else ""
    if isinstance(path, bytes):
        path = path.decode()
    if set(mode) <= _text_mode:
        try:
            return files.open_text_or_bytes(path, mode, encoding, errors, newline)
        except KeyError:
            pass
    raise UnavailableFileError(f"Cannot open {path[:200]!r}: {_FILE[0].lower()}{_FILE[1:]}")


class UnavailableFileError(UnavailableError, FileNotFoundError):
    """Packages that look for optional files expect a FileNotFoundError."""


UnavailableFileError.__name__ = UnavailableFileError.__qualname__ = "UnavailableError"

_set_recursion_limit = sys.setrecursionlimit


def _limited_recursion(limit):
    """`sys.setrecursionlimit`, with at most 20,000: an execution has little memory."""
    _set_recursion_limit(min(limit, MAX_RECURSION) if isinstance(limit, int) else limit)


_block = {
    time: {"sleep": _SLEEP},
    builtins: {"input": _INPUT, "breakpoint": "A workflow has no debugger: step through a replay in the web UI"},
    subprocess: {name: _PROCESS for name in ("run", "call", "check_call", "check_output", "getoutput", "getstatusoutput")},
    threading: {"_start_new_thread": _THREAD, "_start_joinable_thread": _THREAD},
    signal: {name: _SIGNAL for name in ("signal", "alarm", "pause", "sigwait", "raise_signal", "pthread_kill", "setitimer")},
    faulthandler: {
        name: _CRASH
        for name in ("_sigsegv", "_sigabrt", "_sigfpe", "_read_null", "_stack_overflow", "_fatal_error_c_thread")
    },
    os: {
        **{
            name: _PROCESS
            for name in ("system", "popen", "fork", "forkpty", "posix_spawn", "posix_spawnp", "kill", "killpg", "startfile")
            + tuple(f"exec{kind}" for kind in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe"))
            + tuple(f"spawn{kind}" for kind in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe"))
        },
        **{name: _CRASH for name in ("_exit", "abort")},
        **{
            name: _FILE
            for name in ("mkdir", "makedirs", "remove", "unlink", "rmdir", "removedirs", "rename", "renames", "replace",
                         "link", "symlink", "truncate", "chmod", "chdir", "mkfifo")
        },
    },
    Loop: {
        **{
            name: _SOCKET
            for name in ("create_connection", "create_server", "create_unix_connection", "create_unix_server",
                         "create_datagram_endpoint", "start_tls", "connect_accepted_socket", "getaddrinfo", "getnameinfo",
                         "sock_accept", "sock_connect", "sock_recv", "sock_recv_into", "sock_recvfrom",
                         "sock_recvfrom_into", "sock_sendall", "sock_sendto", "sock_sendfile", "sendfile",
                         "add_reader", "remove_reader", "add_writer", "remove_writer")
        },
        **{
            name: _PROCESS
            for name in ("subprocess_exec", "subprocess_shell", "connect_read_pipe", "connect_write_pipe")
        },
        **{name: _SIGNAL for name in ("add_signal_handler", "remove_signal_handler")},
        "set_exception_handler": _UNCAUGHT,
    },
}  # fmt: skip


def _block_class(module, name, message):
    """Instances of the class cannot be created; packages can still derive classes from it and test for it."""
    found = getattr(module, name, None)
    if isinstance(found, type):
        found.__init__ = _raising(message)


def _block_sockets():
    try:
        import socket
    except ImportError:
        return
    _block_class(socket, "socket", _SOCKET)
    for name in ("create_connection", "create_server", "socketpair", "fromfd", "getaddrinfo", "gethostbyname",
                 "gethostbyaddr", "gethostbyname_ex", "getnameinfo", "getfqdn"):  # fmt: skip
        if hasattr(socket, name):
            setattr(socket, name, _raising(_SOCKET))


def _block_waits():
    """With one thread, what waits for another one waits forever."""

    def wait(condition, timeout=None):
        if timeout is not None and timeout <= 0:
            return False
        raise UnavailableError(_WAIT)

    threading.Condition.wait = wait
    # The one in C waits without a condition.
    queue.SimpleQueue = queue._PySimpleQueue


def install():
    _block_waits()
    for module, names in _block.items():
        for name, message in names.items():
            if hasattr(module, name) or name in ("system", "popen", "kill"):
                setattr(module, name, _raising(message))
            if module is os and hasattr(posix, name):
                setattr(posix, name, getattr(os, name))
    _block_class(subprocess, "Popen", _PROCESS)
    tempfile._get_default_tempdir = _raising(_FILE)
    _block_sockets()
    os.getcwd = lambda: "/"
    # Packages look for optional files there.
    os.environ["HOME"] = "/"
    os.listdir = os.scandir = os.open = _raising(_FILE)
    builtins.open = io.open = _open
    sys.setrecursionlimit = _limited_recursion
    sys.meta_path.append(MissingModules)


def seed_random(data: bytes):
    """The numbers of `random` follow from the seed of the execution."""
    _seed(int.from_bytes(data, "little"))


_seed = random._inst.seed
