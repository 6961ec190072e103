/* oxlint-disable import/default -- Vite makes a text of what is imported with `?raw` */
import globalTypes from "#workflow/globals.d.ts?raw";
import workflowTypes from "#workflow/workflow.d.ts?raw";
import { typescript } from "./monaco.ts";

/** Values of TypeScript's own enums, of which Monaco's declarations know the older half only. */
const newerOptions: Readonly<Record<string, number>> = {
  /** Bundler */
  moduleResolution: 100,
  /** Force */
  moduleDetection: 3,
};

/**
 * Checks as the `tsconfig.json` of `@duranium/workflow` does, but for one rule: parameters without a type are `any`,
 * because a workflow that was begun in plain JavaScript should not begin as a list of errors.
 */
export function setUpTypeChecking(): void {
  const { typescriptDefaults, ScriptTarget, ModuleKind } = typescript;
  typescriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    module: ModuleKind.ESNext,
    ...newerOptions,
    // By the names of Monaco's files. What is on `globalThis` beside the language is in `globals.d.ts`.
    lib: ["lib.esnext.d.ts"],
    types: [],
    strict: true,
    noImplicitAny: false,
    noUncheckedIndexedAccess: true,
    verbatimModuleSyntax: true,
    allowJs: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    skipLibCheck: true,
  });
  typescriptDefaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: [implicitAnyCouldBeInferred] });
  // Also of the files that are not open: what one imports is in another.
  typescriptDefaults.setEagerModelSync(true);
  setLibraries({});
}

/** A suggestion, which would be under every parameter that has no type. */
const implicitAnyCouldBeInferred = 7044;

/** What the author's files can import beside each other. `others` are files that are not edited, by their path. */
export function setLibraries(others: Readonly<Record<string, string>>): void {
  const files = {
    "node_modules/@duranium/workflow/index.d.ts": workflowTypes,
    // Says too that "duranium" is another name of it.
    "node_modules/@duranium/workflow/globals.d.ts": globalTypes,
    ...others,
  };
  typescript.typescriptDefaults.setExtraLibs(
    Object.entries(files).map(([path, content]) => ({ filePath: `file:///${path}`, content })),
  );
}
