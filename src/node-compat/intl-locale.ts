/** `Intl.Locale`: tags of languages, taken apart and completed. Who looks for it on `Intl` finds it too. */
import "@formatjs/intl-locale/polyfill-force.js";

export const { Locale } = Intl;

// Bundling renames classes.
Object.defineProperty(Locale, "name", { value: "Locale", configurable: true });
