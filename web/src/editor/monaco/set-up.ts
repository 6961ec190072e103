import { setUpPythonCompletion } from "../python/completion.ts";
import { jsonDefaults, languages } from "./monaco.ts";
import { followTheme } from "./theme.ts";
import { setUpTypeChecking } from "./type-checking.ts";

let isSetUp = false;

/** The shared setup of all editors. Idempotent. */
export function setUpMonaco(): void {
  if (isSetUp) return;
  isSetUp = true;
  setUpTypeChecking();
  setUpPythonCompletion();
  // The page loads no schemas from other sites, so a `$schema` is no problem of the author's file.
  jsonDefaults.setDiagnosticsOptions({ ...jsonDefaults.diagnosticsOptions, schemaRequest: "ignore" });
  followTheme();
  languages.register({ id: oldSource });
  // Loaded lazily, with the first model of the language.
  languages.registerTokensProviderFactory(oldSource, {
    async create() {
      const { language } = await import("monaco-editor/languages/definitions/typescript/typescript");
      return language;
    },
  });
}

/** The language of read-only sources: highlighted as TypeScript, but not checked. */
export const oldSource = "typescript-source";
