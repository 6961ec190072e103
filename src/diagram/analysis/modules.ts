import type { Node, Program } from "@babel/types";
import type { ParsedFile } from "../source/parse.ts";
import { createScope, topLevelFrame } from "./frame.ts";
import type { Analysis } from "./frame.ts";
import { computingModules, computingPackages, helperFunctions } from "./provided-names.ts";
import { data, unknown } from "./value.ts";
import type { Module, Value } from "./value.ts";

/** @throws {SyntaxError} */
type Files = Pick<ReadonlyMap<string, unknown>, "has"> & { readonly parsed: (name: string) => ParsedFile };

/** The modules of a workflow, each evaluated when it is first imported. */
export function createModules(files: Files, analysis: Analysis) {
  const modules = new Map<string, Module>();

  function load(name: string): Module {
    const known = modules.get(name);
    if (known !== undefined) return known;
    const file = files.parsed(name);
    const module: Module = { file, scope: createScope(undefined), exports: new Map() };
    modules.set(name, module);
    const frame = topLevelFrame(module, analysis);
    declareImports(file, module);
    declareExports(file.program, module);
    analysis.evaluator.execute(file.program.body, frame);
    return module;
  }

  function declareImports({ program }: ParsedFile, module: Module): void {
    for (const statement of program.body) {
      if (statement.type !== "ImportDeclaration" || statement.importKind === "type") continue;
      const from = statement.source.value;
      for (const specifier of statement.specifiers) {
        if (specifier.type === "ImportSpecifier" && specifier.importKind === "type") continue;
        const value = () => imported(from, importedName(specifier), module);
        module.scope.variables.set(specifier.local.name, variableOf(value));
      }
    }
  }

  function imported(specifier: string, name: string | undefined, importer: Module): Value {
    const target = resolve(specifier, importer.file.name, files);
    if (target === undefined) return valueOfPackage(specifier, name);
    const module = load(target);
    if (name !== undefined) return module.exports.get(name)?.() ?? throughStars(module, name) ?? data;
    return namespaceOf(module);
  }

  function throughStars(module: Module, name: string): Value | undefined {
    const found = starsOf(module).map((from) => resolve(from, module.file.name, files));
    return found.flatMap((target) =>
      target === undefined ? [] : (load(target).exports.get(name)?.() ?? []),
    )[0];
  }

  function declareExports(program: Program, module: Module): void {
    for (const statement of program.body) {
      if (statement.type === "ExportDefaultDeclaration") declareDefault(statement.declaration, module);
      if (statement.type !== "ExportNamedDeclaration") continue;
      for (const name of namesOf(statement.declaration)) declareExport(module, name, name);
      for (const specifier of statement.specifiers) {
        if (specifier.type !== "ExportSpecifier") continue;
        const name = nameOf(specifier.exported);
        const [from, local] = [statement.source?.value, nameOf(specifier.local)];
        if (from === undefined) declareExport(module, name, local);
        else module.exports.set(name, () => imported(from, local, module));
      }
    }
  }

  return { load };
}

function namespaceOf(module: Module): Value {
  const members = new Map([...module.exports].map(([key, value]) => [key, value()]));
  return { is: "collection", node: module.file.program, members, isOpen: false, isTainted: false };
}

function starsOf({ file }: Module): string[] {
  return file.program.body.flatMap((statement) =>
    statement.type === "ExportAllDeclaration" ? [statement.source.value] : [],
  );
}

function declareDefault(declaration: Node, module: Module): void {
  const isNamed = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
  declareExport(module, "default", (isNamed ? declaration.id?.name : undefined) ?? "*default");
}

function declareExport({ exports, scope }: Module, name: string, local: string): void {
  exports.set(name, () => scope.variables.get(local)?.value ?? data);
}

function variableOf(read: () => Value) {
  return {
    node: undefined,
    get value() {
      return read();
    },
    // Imports cannot be assigned.
    set value(_: Value) {},
  };
}

function importedName(
  specifier: Extract<
    Node,
    { type: "ImportSpecifier" | "ImportDefaultSpecifier" | "ImportNamespaceSpecifier" }
  >,
): string | undefined {
  if (specifier.type === "ImportDefaultSpecifier") return "default";
  if (specifier.type === "ImportNamespaceSpecifier") return undefined;
  return nameOf(specifier.imported);
}

function nameOf(node: Extract<Node, { type: "Identifier" | "StringLiteral" }>): string {
  return node.type === "Identifier" ? node.name : node.value;
}

function namesOf(declaration: Node | null | undefined): string[] {
  if (!declaration) return [];
  if (declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration")
    return declaration.id ? [declaration.id.name] : [];
  if (declaration.type !== "VariableDeclaration") return [];
  return declaration.declarations.flatMap(({ id }) => namesIn(id));
}

function namesIn(pattern: Node): string[] {
  if (pattern.type === "Identifier") return [pattern.name];
  if (pattern.type === "ObjectPattern")
    return pattern.properties.flatMap((property) =>
      namesIn(property.type === "RestElement" ? property.argument : property.value),
    );
  if (pattern.type === "ArrayPattern")
    return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
  return pattern.type === "AssignmentPattern" ? namesIn(pattern.left) : [];
}

/** What a package exports does anything, unless it is known only to compute. */
function valueOfPackage(specifier: string, name: string | undefined): Value {
  if (specifier === "duranium")
    return name !== undefined && helperFunctions.has(name) ? { is: "provided", name } : data;
  const bare = specifier.replace(/^node:/, "");
  const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  if (computingModules.has(bare) || computingPackages.has(packageName)) return data;
  return unknown(name === undefined || name === "default" ? specifier : name);
}

const endings = ["", ".ts", ".js", ".mts", ".mjs", ".cts", ".cjs", ".json", "/index.ts", "/index.js"];

/** The file of a relative import, as the bundler finds it. */
function resolve(specifier: string, importer: string, files: Files): string | undefined {
  if (!/^\.\.?(?:\/|$)/.test(specifier)) return undefined;
  const path = relativeTo(importer, specifier);
  const typescript = path.replace(/\.([cm]?)js$/, ".$1ts");
  return [...endings.map((ending) => path + ending), typescript].find((name) => files.has(name));
}

function relativeTo(importer: string, specifier: string): string {
  const { pathname } = new URL(encodePath(specifier), `file:///${encodePath(importer)}`);
  return decodeURIComponent(pathname.slice(1));
}

function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
