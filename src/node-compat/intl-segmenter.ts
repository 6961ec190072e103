/** `Intl.Segmenter`: graphemes, words and sentences by the rules of Unicode, without dictionaries. Who looks for it on `Intl` finds it too. */
import "@formatjs/intl-segmenter/polyfill-force.js";
import { byLookup } from "./intl-lookup.ts";

// In a bundle, the dotted name would mean what is exported here.
const { Segmenter: polyfill } = Intl;

export const Segmenter = byLookup("Segmenter", polyfill);
