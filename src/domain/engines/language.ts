/** What a workflow is written in: JavaScript and TypeScript, Python, or any language that compiles to WebAssembly. */
export const languages = ["javascript", "python", "wasm"] as const;
export type Language = (typeof languages)[number];

/** The languages with engines of their own: all but WebAssembly. */
export const engineLanguages = ["javascript", "python"] as const satisfies readonly Language[];
export type EngineLanguage = (typeof engineLanguages)[number];

/** Languages by their names for people. */
export const languageNames: Readonly<Record<Language, string>> = {
  javascript: "JavaScript",
  python: "Python",
  wasm: "WebAssembly",
};

/** The language of a source: the one that it names, or that of its entry file. */
export function languageOf({
  entry,
  language,
}: {
  readonly entry: string;
  readonly language?: Language;
}): Language {
  return language ?? languageOfEntry(entry);
}

/** The language that a file's extension stands for. All but `.py` and `.wasm` are JavaScript or TypeScript. */
export function languageOfEntry(entry: string): Language {
  if (/\.py$/i.test(entry)) return "python";
  return /\.wasm$/i.test(entry) ? "wasm" : "javascript";
}

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}
