/* oxlint-disable import/default -- Vite makes a text of what is imported with `?raw` */
import globalTypes from "#workflow/globals.d.ts?raw";
import workflowTypes from "#workflow/workflow.d.ts?raw";
import { typescript } from "./monaco.ts";

/** Values of TypeScript's enums that Monaco's declarations lack. */
const newerOptions: Readonly<Record<string, number>> = {
  /** Bundler */
  moduleResolution: 100,
  /** Force */
  moduleDetection: 3,
};

/**
 * Checks with the settings of the `tsconfig.json` of `@duranium/workflow`, except that untyped parameters are `any`, so that a workflow in plain JavaScript does not start with errors.
 */
export function setUpTypeChecking(): void {
  const { typescriptDefaults, ScriptTarget, ModuleKind } = typescript;
  typescriptDefaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    module: ModuleKind.ESNext,
    ...newerOptions,
    // Names of Monaco's library files. Other globals are in `globals.d.ts`.
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
  // Also for files that are not open, because other files import them.
  typescriptDefaults.setEagerModelSync(true);
  setLibraries({});
}

/** A suggestion that would mark every untyped parameter. */
const implicitAnyCouldBeInferred = 7044;

/** Adds what the author's files can import. `others` are files that are not edited, by path. */
export function setLibraries(others: Readonly<Record<string, string>>): void {
  const files = {
    "node_modules/@duranium/workflow/index.d.ts": workflowTypes,
    // It also declares the alias "duranium".
    "node_modules/@duranium/workflow/globals.d.ts": globalTypes,
    ...others,
  };
  typescript.typescriptDefaults.setExtraLibs(
    Object.entries(files).map(([path, content]) => ({ filePath: `file:///${path}`, content })),
  );
}
