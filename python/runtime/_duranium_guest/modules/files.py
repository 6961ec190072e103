"""The workflow's own files: modules, packages with their data, and what installed distributions say of themselves."""

import base64
import io
import sys
from importlib.machinery import ModuleSpec

from _duranium_boot import Archive
from _duranium_guest.modules import hooks

# Path to text or bytes, as in the bundle.
_contents = {}
# Folders in which top-level modules are looked for: that of the entry, the root, and that of packages.
_roots = [""]


def load_bundle(texts: dict, binary: dict, entry: str) -> str:
    """Makes the files of a bundle importable. Returns the name under which its entry is imported."""
    _contents.clear()
    _contents.update(texts)
    _contents.update((path, base64.b64decode(content)) for path, content in binary.items())
    folder, _, file = entry.rpartition("/")
    name = file.removesuffix(".py")
    while folder and f"{folder}/__init__.py" in _contents:
        folder, _, package = folder.rpartition("/")
        name = f"{package}.{name}"
    _roots[:] = dict.fromkeys([f"{folder}/" if folder else "", "", "site-packages/"])
    return name


def unload():
    """Forgets the modules of a workflow that was evaluated before."""
    for name, module in list(sys.modules.items()):
        if getattr(module, "__loader__", None) is Files:
            del sys.modules[name]


def read_file(path: str):
    """Text or bytes of a file of the workflow. Raises KeyError if there is none."""
    return _contents[normalized(path)]


def normalized(path: str) -> str:
    parts = []
    for part in path.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts)


def as_bytes(content) -> bytes:
    return content.encode() if isinstance(content, str) else content


def import_entry(entry: str, name: str):
    """Imports the entry. A module of another origin may have its name, such as `random.py`, so it is loaded by its path."""
    found = Files.find_spec(name)
    if found is not None and found.origin == entry and name not in sys.modules:
        __import__(name)
        return sys.modules[name]
    spec = _spec(name if name not in sys.modules else f"workflow:{name}", entry, False)
    module = type(sys)(spec.name)
    module.__spec__, module.__loader__, module.__file__ = spec, Files, entry
    sys.modules[spec.name] = module
    Files.exec_module(module)
    return module


class Files:
    """Finds and loads the workflow's modules. They come before the standard library, as a script's own folder does."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        relative = name.replace(".", "/")
        places = [f"{root}{relative}" for root in _roots]
        if path is not None:
            places = [f"{folder}/{relative.rpartition('/')[2]}" for folder in path]
        for place in places:
            if f"{place}/__init__.py" in _contents:
                return _spec(name, f"{place}/__init__.py", True)
            if f"{place}.py" in _contents:
                return _spec(name, f"{place}.py", False)
        folders = [place for place in places if _has_folder(place)]
        # A folder without `__init__.py` comes after all modules.
        if not folders or (path is None and Archive.find_spec(name) is not None):
            return None
        namespace = ModuleSpec(name, None, is_package=True)
        namespace.submodule_search_locations = folders
        return namespace

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        path = module.__spec__.origin
        replaced = hooks.replacement(module.__spec__.name)
        code = replaced if replaced is not None else Files._compile(path)
        exec(code, module.__dict__)

    @staticmethod
    def _compile(path):
        content = _contents[path]
        # `compile` leaves out the mark of bytes itself.
        source = content.removeprefix("\ufeff") if isinstance(content, str) else content
        try:
            return compile(source, path, "exec", dont_inherit=True)
        except (MemoryError, RecursionError, UnicodeEncodeError) as error:
            if not _is_about_source(error):
                raise
            raise SyntaxError(str(error), (path, 1, 1, None)) from None

    @staticmethod
    def get_code(name):
        return Files._compile(Files.find_spec(name).origin)

    @staticmethod
    def get_source(name):
        spec = None if hooks.is_replaced(name) else Files.find_spec(name)
        content = None if spec is None or spec.origin is None else _contents[spec.origin]
        return content.decode() if isinstance(content, bytes) else content

    @staticmethod
    def get_filename(name):
        return Files.find_spec(name).origin

    @staticmethod
    def is_package(name):
        spec = Files.find_spec(name)
        return spec is not None and spec.submodule_search_locations is not None

    @staticmethod
    def get_data(path):
        try:
            return as_bytes(read_file(path))
        except KeyError:
            raise FileNotFoundError(f"The workflow has no file {path}") from None

    @staticmethod
    def get_resource_reader(name):
        from _duranium_guest.modules import resources

        return resources.reader(name)

    @staticmethod
    def find_distributions(context=None):
        from _duranium_guest.modules import resources

        return resources.distributions(context)


def paths():
    return _contents.keys()


def open_text_or_bytes(path, mode, encoding, errors, newline):
    content = read_file(path)
    if "b" in mode:
        return io.BytesIO(as_bytes(content))
    text = content if isinstance(content, str) else content.decode(encoding or "utf-8", errors or "strict")
    return io.StringIO(text, newline=newline)


def _is_about_source(error):
    """The parser raises a MemoryError for deep nesting, which only its message distinguishes from a lack of memory."""
    return isinstance(error, UnicodeEncodeError) or "too complex" in str(error) or "during compilation" in str(error)


def _spec(name, path, is_package):
    spec = ModuleSpec(name, Files, origin=path, is_package=is_package)
    spec.has_location = True
    if is_package:
        spec.submodule_search_locations = [path.rpartition("/")[0]]
    return spec


def _has_folder(place):
    prefix = f"{place}/"
    return any(path.startswith(prefix) and path.endswith(".py") for path in _contents)


def install():
    place = next((at for at, one in enumerate(sys.meta_path) if getattr(one, "__name__", "") == "Archive"), len(sys.meta_path))
    sys.meta_path.insert(place, Files)
