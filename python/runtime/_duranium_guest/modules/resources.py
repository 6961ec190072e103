"""`importlib.resources` and `importlib.metadata` for the workflow's own packages. Imported when they are first used."""

import contextlib
import importlib.metadata
import importlib.resources
import re
from importlib.resources.abc import Traversable, TraversableResources

from _duranium_guest.modules import files


def reader(name):
    spec = files.Files.find_spec(name)
    return None if spec is None or not spec.submodule_search_locations else _Reader(spec.submodule_search_locations[0])


class _Reader(TraversableResources):
    def __init__(self, folder):
        self._folder = folder

    def files(self):
        return _Path(self._folder)


class _Path(Traversable):
    """A file or folder of the workflow."""

    def __init__(self, path):
        self._path = path

    def __str__(self):
        return self._path

    __fspath__ = __str__

    @property
    def name(self):
        return self._path.rpartition("/")[2]

    def iterdir(self):
        prefix = f"{self._path}/" if self._path else ""
        inside = [path[len(prefix) :] for path in files.paths() if path.startswith(prefix)]
        return iter([_Path(prefix + name) for name in dict.fromkeys(path.partition("/")[0] for path in inside)])

    def is_dir(self):
        return any(path.startswith(f"{self._path}/") for path in files.paths())

    def is_file(self):
        return self._path in files.paths()

    def joinpath(self, *names):
        return _Path(files.normalized("/".join([self._path, *map(str, names)])))

    def __truediv__(self, name):
        return self.joinpath(name)

    def open(self, mode="r", encoding=None, errors=None, newline=None):
        try:
            return files.open_text_or_bytes(self._path, mode, encoding, errors, newline)
        except KeyError:
            raise FileNotFoundError(f"The workflow has no file {self._path}") from None

    def read_bytes(self):
        return self.open("rb").read()

    def read_text(self, encoding=None, errors=None):
        return self.open("r", encoding=encoding, errors=errors).read()


@importlib.resources.as_file.register(_Path)
@contextlib.contextmanager
def _as_file(path):
    """There is no folder to copy the file to, and `open` reads it by this path."""
    yield path


class _Distribution(importlib.metadata.Distribution):
    def __init__(self, folder):
        self._folder = folder

    def read_text(self, filename):
        try:
            return files.as_bytes(files.read_file(f"{self._folder}/{filename}")).decode()
        except KeyError:
            return None

    def locate_file(self, path):
        return _Path(files.normalized(f"{self._folder}/../{path}"))


_folder = re.compile(r"(?:.*/)?([^/]+?)-[^-/]+\.dist-info").fullmatch


def distributions(context):
    wanted = None if context is None or context.name is None else _canonical(context.name)
    found = {}
    for path in files.paths():
        folder, _, file = path.rpartition("/")
        match = _folder(folder) if file == "METADATA" else None
        if match is not None and wanted in (None, _canonical(match[1])):
            found[folder] = _Distribution(folder)
    return list(found.values())


def _canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()
