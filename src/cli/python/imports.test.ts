import { expect, test } from "vitest";
import { importsOf } from "./imports.ts";

/** Each import as `level:module:names`, with `?` for an optional one and `()` for one in a function. */
function described(text: string): readonly string[] {
  return importsOf(text).map(
    ({ level, module, names, isOptional, isInFunction }) =>
      `${level}:${module.join(".")}:${names.join(",")}${isOptional ? "?" : ""}${isInFunction ? "()" : ""}`,
  );
}

test("every form of an import statement is read", () => {
  const text = `import os, a.b.c as d; import e
from . import x
from ..y.z import (p as q,
    r,)  # comment
from ... import *
from .... w import v
`;
  expect(described(text)).toEqual(["0:os:", "0:a.b.c:", "0:e:", "1::x", "2:y.z:p,r", "3::", "4:w:v"]);
});

test("imports in functions, conditions and try statements are distinguished", () => {
  const text = `
def f():
    import lazy
async def g():
    class C:
        from . import deep
try:
    import fast
except ImportError:
    import slow
if sys.version_info < (3, 11):
    import tomli
with suppress(ImportError):
    import rare
module = importlib.import_module("plugins.csv")
other = __import__('plain')
`;
  expect(described(text)).toEqual([
    "0:lazy:()",
    "1::deep()",
    "0:fast:?",
    "0:slow:?",
    "0:tomli:?",
    "0:rare:?",
    "0:plugins.csv:?",
    "0:plain:?",
  ]);
});

test("an import whose failure only raises another error is needed", () => {
  const text = `
try:
    from . import _imaging
except ImportError as error:
    raise ImportError("reinstall") from error
`;
  expect(described(text)).toEqual(["1::_imaging"]);
});

test("imports for type checkers, in strings and in comments are not imports", () => {
  const text = `
if TYPE_CHECKING:
    import types_only
if typing.TYPE_CHECKING:
    import types_too
else:
    import otherwise
text = """
import in_a_text
"""
nested = f"{ {'import': f'{x!r:>{width}}'} } import nothing"
# import in_a_comment
`;
  expect(described(text)).toEqual(["0:otherwise:?"]);
});

test("a place counts lines and columns from 1", () => {
  const [, second] = importsOf("import a\n\nif x:\n    import b\n");
  expect(second).toMatchObject({ line: 4, column: 5 });
});

test("imports of a file with syntax errors are read", () => {
  expect(described("import a\ndef broken(:\n  x = (\nimport b\n")).toContain("0:a:");
});
