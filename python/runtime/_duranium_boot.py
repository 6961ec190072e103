"""The importer of a guest: the workflow's files in memory, and the standard library in the engine's archive.

The engine has this module frozen, because it cannot come from the archive that it reads. Nothing here uses a module that
is not built into the interpreter.
"""

import marshal
import sys
import zlib

import _duranium
from _frozen_importlib import ModuleSpec

_MODULE, _PACKAGE, _DATA = 0, 1, 2
_LIBRARY = "/lib/"


def _open_archive():
    """The index `{name: (offset, length, kind)}`, and the bytes to which its offsets refer."""
    content = _duranium.stdlib()
    length = int.from_bytes(content[:4], "little")
    return marshal.loads(content[4 : 4 + length]), content[4 + length :]


_index, _entries = _open_archive()


def archived(name):
    """The bytes of an entry of the archive. Raises KeyError if there is none."""
    offset, length, _ = _index[name]
    return zlib.decompress(_entries[offset : offset + length])


def archived_modules():
    """The names of all modules in the archive."""
    return [name for name, (_, _, kind) in _index.items() if kind != _DATA]


class Archive:
    """Finds and loads modules of the standard library and of the runtime."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        entry = _index.get(name)
        if entry is None or entry[2] == _DATA:
            return None
        is_package = entry[2] == _PACKAGE
        place = _LIBRARY + name.replace(".", "/")
        spec = ModuleSpec(name, Archive, origin=place + ("/__init__.py" if is_package else ".py"), is_package=is_package)
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [place]
        return spec

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        exec(Archive.get_code(module.__spec__.name), module.__dict__)

    @staticmethod
    def get_code(name):
        return marshal.loads(archived(name))

    @staticmethod
    def get_source(name):
        return None

    @staticmethod
    def is_package(name):
        return _index[name][2] == _PACKAGE


# Only what is frozen or built in comes before the archive. No path is searched: there is no file system.
sys.meta_path[:] = [finder for finder in sys.meta_path if getattr(finder, "__name__", "") != "PathFinder"] + [Archive]
sys.path[:] = []
sys.path_hooks.clear()
