"""Writes what Python imports: `archive.bin` with the standard library and the runtime, `frozen.h` with what is needed
before the archive can be read.

    python3.13 archive.py LIB RUNTIME ZONES OUTPUT

LIB is the standard library's folder (`Lib` of the source), RUNTIME that of the runtime's modules, ZONES one with time
zones in the format of TZif. The same input gives the same bytes: paths are sorted, and code carries no path of the
machine.

The archive: the length of the index in four bytes, little-endian; the index, marshalled: `{name: (offset, length,
kind)}`; the entries, each compressed by zlib (equal ones, as the aliases of a time zone, are there once). Kind 0 is a module and 1 a package, as marshalled code; 2 is a data file.
"""

import marshal
import os
import sys
import zlib
from collections.abc import Iterator, Set

MODULE, PACKAGE, DATA = 0, 1, 2

# Imported before the archive can be read.
FROZEN = ("encodings", "encodings.aliases", "encodings.ascii", "encodings.latin_1", "encodings.utf_8")
BOOT = "_duranium_boot"

# Packages and modules that cannot work in a sandbox, or are for a terminal, a desktop or CPython's own tests. The
# runtime has its own of some of these names.
LEFT_OUT = frozenset(
    "test idlelib tkinter turtledemo ensurepip lib2to3 pydoc_data venv curses dbm sqlite3 multiprocessing _pyrepl ctypes"
    " turtle antigravity this pty tty webbrowser pdb cProfile profile nturl2path _android_support _apple_support"
    " _ios_support site _sitebuiltins sitecustomize".split()
)


def modules(root: str) -> Iterator[tuple[str, str, bool]]:
    """The modules under a folder as name, path relative to it, and whether it is a package."""
    for folder, folders, files in os.walk(root):
        relative = os.path.relpath(folder, root)
        parts = [] if relative == "." else relative.split(os.sep)
        folders[:] = sorted(name for name in folders if name.isidentifier() and name != "__pycache__")
        for file in sorted(files):
            stem, extension = os.path.splitext(file)
            if extension != ".py":
                continue
            is_package = stem == "__init__"
            name = ".".join(parts if is_package else [*parts, stem])
            if name:
                yield name, "/".join([*parts, file]), is_package


def compiled(root: str, path: str, shown: str) -> bytes:
    with open(os.path.join(root, path), "rb") as file:
        return marshal.dumps(compile(file.read(), shown, "exec", dont_inherit=True, optimize=0))


def add_modules(entries: dict[str, tuple[bytes, int]], root: str, left_out: Set[str]) -> None:
    for name, path, is_package in modules(root):
        if name.partition(".")[0] not in left_out:
            entries[name] = (compiled(root, path, f"/lib/{path}"), PACKAGE if is_package else MODULE)


def add_zones(entries: dict[str, tuple[bytes, int]], root: str) -> None:
    names = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in ("posix", "right"))
        for file in sorted(files):
            path = os.path.join(folder, file)
            with open(path, "rb") as zone:
                content = zone.read()
            if content.startswith(b"TZif"):
                name = os.path.relpath(path, root).replace(os.sep, "/")
                names.append(name)
                entries[f"tzdata/{name}"] = (content, DATA)
    entries["tzdata/zones"] = ("".join(f"{name}\n" for name in sorted(names)).encode(), DATA)


def archive(entries: dict[str, tuple[bytes, int]]) -> bytes:
    index = {}
    content = bytearray()
    places: dict[bytes, tuple[int, int]] = {}
    for name in sorted(entries):
        raw, kind = entries[name]
        if raw not in places:
            packed = zlib.compress(raw, 9)
            places[raw] = (len(content), len(packed))
            content += packed
        index[name] = (*places[raw], kind)
    written = marshal.dumps(index)
    return len(written).to_bytes(4, "little") + written + content


def frozen(library: str, runtime: str) -> str:
    """The C source of the frozen modules."""
    arrays, rows = [], []
    for name in (*FROZEN, BOOT):
        root = runtime if name == BOOT else library
        stem = name.replace(".", "/")
        is_package = os.path.isdir(os.path.join(root, stem))
        path = f"{stem}/__init__.py" if is_package else f"{stem}.py"
        data = compiled(root, path, f"<frozen {name}>")
        variable = "module_" + name.replace(".", "_")
        arrays.append(f"static const unsigned char {variable}[] = {{{','.join(map(str, data))}}};\n")
        rows.append(f'  {{"{name}", {variable}, sizeof {variable}, {int(is_package)}}},\n')
    return "".join([*arrays, "static const struct _frozen frozen_modules[] = {\n", *rows, "  {0}};\n"])


def main(library: str, runtime: str, zones: str, output: str) -> None:
    entries: dict[str, tuple[bytes, int]] = {}
    add_modules(entries, library, LEFT_OUT)
    add_modules(entries, runtime, {BOOT})
    add_zones(entries, zones)
    with open(os.path.join(output, "archive.bin"), "wb") as file:
        file.write(archive(entries))
    with open(os.path.join(output, "frozen.h"), "w", encoding="ascii") as file:
        file.write(frozen(library, runtime))
    with open(os.path.join(output, "modules.txt"), "w", encoding="ascii") as file:
        file.writelines(f"{name}\n" for name in sorted(entries) if "/" not in name)


main(*sys.argv[1:])
