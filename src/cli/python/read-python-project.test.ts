import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, expect, test } from "vitest";
import { DuraniumError } from "../../domain/errors.ts";
import { readPythonProject } from "./read-python-project.ts";
import type { PythonProject, PythonProjectOptions } from "./read-python-project.ts";

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

type Contents = Readonly<Record<string, string | Uint8Array>>;

const site = ".venv/lib/python3.13/site-packages";

/** A distribution with a `RECORD` of its files, as pip installs it. */
function installed(name: string, files: Contents, below = `${site}/`): Contents {
  const info = `${name}-1.0.dist-info`;
  const all: Contents = {
    ...files,
    [`${info}/METADATA`]: `Name: ${name}\nVersion: 1.0\n\nA long description`,
    [`${info}/entry_points.txt`]: `[plugins]\n`,
    [`${info}/WHEEL`]: "Wheel-Version: 1.0\n",
  };
  const record = [...Object.keys(all), `${info}/RECORD`, "../../../bin/tool"].map((path) => `${path},,`);
  const withRecord = { ...all, [`${info}/RECORD`]: record.join("\r\n") };
  return Object.fromEntries(Object.entries(withRecord).map(([path, text]) => [below + path, text]));
}

async function folderWith(files: Contents): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "python-project-"));
  folders.push(folder);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

async function read(
  files: Contents,
  { entry = "flow.py", ...options }: Partial<PythonProjectOptions> & { readonly entry?: string } = {},
): Promise<PythonProject> {
  const folder = await folderWith(files);
  const { packages = [], ...others } = options;
  return readPythonProject(join(folder, entry), {
    excluded: [],
    variables: {},
    ...others,
    packages: packages.map((each) => join(folder, each)),
  });
}

async function refusalOf(
  files: Contents,
  options: Partial<PythonProjectOptions> = {},
): Promise<DuraniumError> {
  const error = await read(files, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DuraniumError) return error;
  throw new Error("The project was not refused", { cause: error });
}

function pathsOf({ files, binaryFiles = {} }: PythonProject): readonly string[] {
  return [...Object.keys(files), ...Object.keys(binaryFiles)].toSorted();
}

test("a workflow comes with the author's modules that it imports, transitively, and no others", async () => {
  const project = await read({
    "flow.py": "import json, steps\nfrom lib import tax\nfrom lib.rates import current\n",
    "steps.py": "def f():\n    import late\n",
    "late.py": "",
    "lib/__init__.py": "",
    "lib/tax.py": "from . import rates\nfrom .. import nothing\n",
    "lib/rates.py": "",
    "lib/table.csv": "a,b",
    "lib/test/test_tax.py": "",
    "unused.py": "import missing",
    ".env": "SECRET=1",
  });
  expect(project.entry).toBe("flow.py");
  expect(pathsOf(project)).toEqual([
    "flow.py",
    "late.py",
    "lib/__init__.py",
    "lib/rates.py",
    "lib/table.csv",
    "lib/tax.py",
    "steps.py",
  ]);
});

test("modules are found beside an entry in a folder, and from the project's root", async () => {
  const project = await read(
    {
      "pyproject.toml": "",
      "flows/order/flow.py": "import helper\nfrom shared import text\n",
      "flows/order/helper.py": "",
      "shared/text.py": "",
    },
    { entry: "flows/order/flow.py" },
  );
  expect(project.entry).toBe("flows/order/flow.py");
  expect(pathsOf(project)).toEqual(["flows/order/flow.py", "flows/order/helper.py", "shared/text.py"]);
});

test("a package is sent whole with its data and metadata, without tests, stubs and compiled files", async () => {
  const project = await read({
    "flow.py": "import templates\n",
    ...installed("templates", {
      "templates/__init__.py": "import importlib",
      "templates/dynamic.py": "",
      "templates/page.html": "<p>",
      "templates/icon.gif": Uint8Array.of(0x47, 0xff, 0x00),
      "templates/latin.py": Uint8Array.of(0x23, 0xe9),
      "templates/py.typed": "",
      "templates/_fast.c": "",
      "templates/_fast.cpython-313-x86_64-linux-gnu.so": "ELF",
      "templates/tests/test_all.py": "",
      "templates/__pycache__/dynamic.cpython-313.pyc": "",
    }),
    ...installed("unused", { "unused/__init__.py": "" }),
  });
  expect(pathsOf(project)).toEqual([
    "flow.py",
    "site-packages/templates-1.0.dist-info/METADATA",
    "site-packages/templates-1.0.dist-info/entry_points.txt",
    "site-packages/templates/__init__.py",
    "site-packages/templates/dynamic.py",
    "site-packages/templates/icon.gif",
    "site-packages/templates/latin.py",
    "site-packages/templates/page.html",
  ]);
  expect(project.files["site-packages/templates-1.0.dist-info/METADATA"]).toBe(
    "Name: templates\nVersion: 1.0\n",
  );
  expect(project.binaryFiles).toEqual({
    "site-packages/templates/icon.gif": "R/8A",
    "site-packages/templates/latin.py": "I+k=",
  });
});

test("an optional C extension is left out, and optional modules that are missing do not matter", async () => {
  const project = await read({
    "flow.py": "import yaml\n",
    ...installed("PyYAML", {
      "yaml/__init__.py": "try:\n    from .cyaml import *\nexcept ImportError:\n    pass\nimport nt\n",
      "yaml/cyaml.py": "from yaml._yaml import CParser\nimport missing_dependency\n",
      "yaml/_yaml.cpython-313-x86_64-linux-gnu.so": "ELF",
      "yaml/extra.py": "import not_installed\n",
    }),
  });
  expect(pathsOf(project)).toContain("site-packages/yaml/cyaml.py");
  expect(pathsOf(project)).not.toContain("site-packages/yaml/_yaml.cpython-313-x86_64-linux-gnu.so");
});

test("a C extension that is needed is named at the author's line, with the packages that import it", async () => {
  const refusal = await refusalOf({
    "flow.py": "import json\nimport jsonschema\n",
    ...installed("jsonschema", { "jsonschema/__init__.py": "from referencing import Registry\n" }),
    ...installed("referencing", { "referencing/__init__.py": "from rpds import HashTrieMap\n" }),
    ...installed("rpds", {
      "rpds/__init__.py": "from .rpds import *\n",
      "rpds/rpds.cpython-313-x86_64-linux-gnu.so": "ELF",
    }),
  });
  expect(refusal.code).toBe("compile-failed");
  expect(refusal.diagnostics).toEqual([
    {
      message:
        'Module "rpds.rpds", which is imported by jsonschema → referencing → rpds, is a C extension and cannot run in the sandbox',
      hint: "Install a version of jsonschema that does not need it: `pip install 'jsonschema<4.18'`",
      file: "flow.py",
      line: 2,
      column: 1,
      lineText: "import jsonschema",
    },
  ]);
});

test("a module that is nowhere is reported with its place and where packages were searched", async () => {
  const files = { "flow.py": "def run(ctx):\n    from dateutil import parser\n" };
  const { diagnostics } = await refusalOf(files);
  expect(diagnostics).toMatchObject([
    { message: 'Module "dateutil" was not found', file: "flow.py", line: 2, column: 5 },
  ]);
  expect(diagnostics[0]?.hint).toContain("pip install python-dateutil");
  expect(diagnostics[0]?.hint).toContain("python3 -m venv .venv");
  const inVain = await refusalOf({ ...files, "vendor/other.py": "" }, { packages: ["vendor"] });
  expect(inVain.diagnostics[0]?.hint).toMatch(/Packages were searched in .*vendor;/);
});

test("packages come from wheels and folders of --packages, and from the active environment", async () => {
  const wheel = installed("six", { "six.py": "", "six-1.0.data/purelib/seven.py": "" }, "");
  const bytes = Object.fromEntries(Object.entries(wheel).map(([path, text]) => [path, Buffer.from(text)]));
  const project = await read(
    {
      "flow.py": "import six, seven, eight\n",
      "vendor/six-1.0-py3-none-any.whl": zipSync(bytes),
      "vendor/eight/__init__.py": "",
      "vendor/eight/data.json": "{}",
      ...installed("six", { "six.py": "# of the environment" }),
    },
    { packages: ["vendor"] },
  );
  expect(project.files["site-packages/six.py"]).toBe("");
  expect(pathsOf(project)).toEqual(
    expect.arrayContaining([
      "site-packages/seven.py",
      "site-packages/eight/__init__.py",
      "site-packages/eight/data.json",
    ]),
  );
  const active = await folderWith(
    installed("six", { "six.py": "# active" }, "lib/python3.12/site-packages/"),
  );
  const { files } = await read({ "flow.py": "import six\n" }, { variables: { VIRTUAL_ENV: active } });
  expect(files["site-packages/six.py"]).toBe("# active");
});

test("the standard library comes before packages of the same name, and the author's modules before both", async () => {
  const project = await read({
    "flow.py": "import typing, secrets, dataclasses\nfrom email import message\n",
    "secrets.py": "",
    "email/note.txt": "",
    [`${site}/typing.py`]: "",
    [`${site}/dataclasses.py`]: "",
  });
  expect(pathsOf(project)).toEqual(["flow.py", "secrets.py"]);
});

test("too large a workflow names its largest packages, which can be left out", async () => {
  const files = {
    "flow.py": "try:\n    import huge\nexcept ImportError:\n    huge = None\n",
    ...installed("Huge-Package", { "huge/__init__.py": "#".repeat(12_000_000) }),
  };
  const { code, diagnostics } = await refusalOf(files);
  expect(code).toBe("bundle-too-large");
  expect(diagnostics[0]?.hint).toContain("The largest are huge (11.4 MiB)");
  const project = await read(files, { excluded: ["huge_package"] });
  expect(pathsOf(project)).toEqual(["flow.py"]);
});
