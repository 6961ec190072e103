/** `Intl.Segmenter`: graphemes, words and sentences by the rules of Unicode, without dictionaries. Who looks for it on `Intl` finds it too. */
import "@formatjs/intl-segmenter/polyfill-force.js";
import { Locale } from "./intl-locale.ts";

export const { Segmenter } = Intl;

// It asks for a locale that it does not know by `Intl.Locale`. Bundles keep of a module what is used.
Object.defineProperty(Intl, "Locale", { value: Locale, writable: true, configurable: true });
// Bundling renames classes.
Object.defineProperty(Segmenter, "name", { value: "Segmenter", configurable: true });
