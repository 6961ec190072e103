"""Modules that packages import without the engine having them: `ssl` for their annotations, the configuration of the build."""

import sys
from importlib.machinery import ModuleSpec


class StandIns:
    """A finder that comes before the standard library."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "ssl" or name.startswith("_sysconfigdata"):
            return ModuleSpec(name, StandIns, origin=f"/lib/{name}.py")
        return None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        if module.__name__ == "ssl":
            from _duranium_guest.platform import ssl_module

            module.__dict__.update({name: value for name, value in vars(ssl_module).items() if name[:2] != "__"})
        else:
            module.build_time_vars = {"TZPATH": ""}


def install():
    sys.meta_path.insert(0, StandIns)
