"""An evaluated workflow: its `run`, and what its module says beside it."""

import inspect

from _duranium_guest.modules import files
from _duranium_guest.core.encoding import decode_json
from _duranium_guest.core.frames import function_frame
from _duranium_guest.core.strict_json import to_strict_json


class MissingRun(Exception):
    """The host knows this name."""


class Workflow:
    def __init__(self, module):
        self._run = getattr(module, "run", None)
        if not callable(self._run):
            raise MissingRun(_missing_run(hasattr(module, "run"), self._run))
        self._parameters = _count_parameters(self._run)
        self.frame = function_frame(self._run)
        self.unhandled_errors = getattr(module, "unhandled_errors", "raise")
        if self.unhandled_errors not in ("raise", "warn"):
            raise TypeError(f'unhandled_errors is {str(self.unhandled_errors)[:100]!r}, and can be "raise" or "warn"')
        self._declared = {
            name: getattr(module, name) for name in ("schedules", "flow") if getattr(module, name, None) is not None
        }

    def declarations(self) -> bytes:
        """The module's `schedules` and `flow` as JSON, or no bytes if it has neither."""
        parts = [
            b'"%b":%b' % (name.encode(), to_strict_json(value, name, f"The value of {name}"))
            for name, value in self._declared.items()
        ]
        return b"{%b}" % b",".join(parts) if parts else b""

    async def run(self, ctx, payload):
        result = self._run(*(ctx, payload)[: self._parameters])
        return await result if inspect.isawaitable(result) else result


def load(source: bytes) -> Workflow:
    """Evaluates a bundle: JSON `{entry, files, binaryFiles}`, with texts, and with base64 for files that are none."""
    bundle = decode_json(source)
    entry = bundle["entry"]
    name = files.load_bundle(bundle["files"], bundle.get("binaryFiles", {}), entry)
    return Workflow(files.import_entry(entry, name))


def _missing_run(is_there, run):
    if not is_there:
        return "The workflow does not define run: write `async def run(ctx, payload): …`"
    return f"The workflow has a run that is no function but of type {type(run).__name__}"


def _count_parameters(run):
    """How many of `ctx` and `payload` the function takes."""
    code = getattr(run, "__code__", None)
    if code is None or code.co_flags & inspect.CO_VARARGS:
        return 2
    return min(code.co_argcount, 2)
