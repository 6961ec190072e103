"""Modules that most workflows use. They are in the memory of the engine, so importing them costs nothing."""

import importlib

_common = (
    "abc", "asyncio", "base64", "binascii", "collections.abc", "contextlib", "contextvars", "copy", "csv", "dataclasses",
    "datetime", "decimal", "email.utils", "enum", "fractions", "functools", "gzip", "hashlib", "heapq", "hmac", "html", "inspect",
    "io", "itertools", "json", "logging", "math", "operator", "os.path", "pathlib", "random", "re", "secrets", "statistics",
    "string", "textwrap", "time", "traceback", "types", "typing", "urllib.parse", "uuid", "warnings", "weakref", "zlib",
    "zoneinfo", "duranium", "_strptime",
)  # fmt: skip


def preload():
    for name in _common:
        importlib.import_module(name)
