import { languages } from "./monaco.ts";
import { followTheme } from "./theme.ts";
import { setUpTypeChecking } from "./type-checking.ts";

let isSetUp = false;

/** What all editors of the page share. Doing it again does nothing. */
export function setUpMonaco(): void {
  if (isSetUp) return;
  isSetUp = true;
  setUpTypeChecking();
  followTheme();
  languages.register({ id: oldSource });
  // Not before it is needed: the definition is loaded with the first one of the language itself.
  languages.registerTokensProviderFactory(oldSource, {
    async create() {
      const { language } = await import("monaco-editor/languages/definitions/typescript/typescript");
      return language;
    },
  });
}

/** The language of sources that are looked at only: coloured as TypeScript is, and not checked. */
export const oldSource = "typescript-source";
