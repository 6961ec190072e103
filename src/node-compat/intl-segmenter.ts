/** `Intl.Segmenter`: graphemes, words and sentences by the rules of Unicode, without dictionaries. Who looks for it on `Intl` finds it too. */
// It asks for locales by `Intl.Locale` where one is not among those that it knows.
import "./intl-locale.ts";
import "@formatjs/intl-segmenter/polyfill-force.js";

export const { Segmenter } = Intl;

// Bundling renames classes.
Object.defineProperty(Segmenter, "name", { value: "Segmenter", configurable: true });
