import type { Plugin } from "esbuild";

/**
 * Globals that the engine lacks. A bundle that mentions one gets an implementation through esbuild's
 * `inject`.
 */
export type Polyfill = "Temporal" | "URLPattern";

/** Reads the script or module of a package that creates the global. */
export type ReadPolyfill = (name: Polyfill) => Promise<string>;

export type PolyfillPaths = Readonly<Record<Polyfill, string>>;

/** The package of each polyfill, and the path of its file. */
export const polyfillFiles: Readonly<Record<Polyfill, readonly [packageName: string, path: string]>> = {
  Temporal: ["temporal-polyfill", "full/global.js"],
  URLPattern: ["urlpattern-polyfill", "dist/urlpattern.js"],
};

export const polyfillNamespace = "polyfill";
const prefix = "duranium-polyfill:";

export const polyfillNames = Object.keys(polyfillFiles) as readonly Polyfill[];

/** The module for the option `inject` of a build with the plugin. */
export function polyfillModule(name: Polyfill): string {
  return prefix + name;
}

export function polyfillPlugin(read: ReadPolyfill): Plugin {
  return {
    name: "polyfills",
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${prefix}`) }, ({ path }) => ({
        path: path.slice(prefix.length),
        namespace: polyfillNamespace,
        sideEffects: false,
      }));
      build.onLoad({ filter: /.*/, namespace: polyfillNamespace }, async ({ path }) => ({
        contents: exportedGlobal(path as Polyfill, await read(path as Polyfill)),
        loader: "js",
      }));
    },
  };
}

/** Code that reads the global from `globalThis` finds it too, once some code uses it by name. */
function exportedGlobal(name: Polyfill, text: string): string {
  if (name === "Temporal")
    return `${withKnownCalendars(text)}\nconst { Temporal } = globalThis;\nexport { Temporal };\n`;
  const define = `{ value: URLPattern, writable: true, enumerable: false, configurable: true }`;
  return `${text}\nObject.defineProperty(globalThis, "URLPattern", ${define});\n`.replace(
    /export\{(\w+) as URLPattern\};/,
    "const URLPattern=$1;export{URLPattern};",
  );
}

/**
 * Calendars that `Intl.DateTimeFormat` does not support must be rejected: the package would count in another
 * calendar.
 */
function withKnownCalendars(text: string): string {
  const head = "function createIntlScrapedCalendarData(normCalendarId) {";
  const check = `
    if (new Intl.DateTimeFormat("en", { calendar: normCalendarId }).resolvedOptions().calendar !== normCalendarId)
      throw new RangeError("Unknown calendar " + normCalendarId + ": the sandbox has no data of it");`;
  return text.replace(head, () => head + check);
}
