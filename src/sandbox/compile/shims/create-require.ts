/**
 * `createRequire(import.meta.url)` is how an ES module requires: packages use it for data and CommonJS. The
 * names that the returned function is called with are bundled, as with `require` in CommonJS: `createRequire`
 * receives a function that knows them instead of the file's URL.
 */

/** The specifier by which a file imports that function. */
export const requireOfFile = "duranium:require";
export const requireOfFileNamespace = "require-of-file";

const variable = "__requireOfFile";
const call = String.raw`\bcreateRequire\)?\(\s*import\.meta\.url\b`;

/** Columns do not change: the variable is as long as `import.meta.url`. */
export function withRequireOfFile(contents: string): string {
  const replaced = contents.replaceAll(new RegExp(call, "g"), (text) =>
    text.replace("import.meta.url", variable),
  );
  return replaced === contents ? contents : `${replaced}\nimport ${variable} from "${requireOfFile}";\n`;
}

/** The module that exports the function. */
export function requireOfFileModule(contents: string): string {
  const cases = requiredNames(contents).map((name) => `case ${name}: return require(${name});`);
  return `export default function requireOfFile(name) { switch (name) { ${cases.join(" ")} } return require(name); }`;
}

/** Returns the required names as JSON strings. */
function requiredNames(contents: string): readonly string[] {
  // Bounded, and anchored at the start of a word, because a file may have a long line of one word.
  const created = new RegExp(String.raw`(?<![\w$])([\w$]{1,100})\s{0,20}=[^=;\n]{0,60}?${call}`, "g");
  const functions = [...contents.matchAll(created)].map(([, name = ""]) => RegExp.escape(name));
  const callees = [
    ...functions.map((name) => String.raw`(?<![\w$.])${name}`),
    String.raw`${call}[^()\n]{0,20}\)`,
  ];
  const calls = new RegExp(String.raw`(?:${callees.join("|")})\(\s*(["'\x60])([^"'\x60\\$\n]+)\1\s*\)`, "g");
  return [...new Set([...contents.matchAll(calls)].map(([, , name]) => JSON.stringify(name)))];
}
