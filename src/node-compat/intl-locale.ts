/** `Intl.Locale`: parses and completes language tags. It is also defined on `Intl`. */
import "@formatjs/intl-locale/polyfill-force.js";

export const { Locale } = Intl;

// Bundling renames classes.
Object.defineProperty(Locale, "name", { value: "Locale", configurable: true });
