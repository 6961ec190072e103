/**
 * `Intl.Segmenter`: graphemes, words and sentences by the rules of Unicode, without dictionaries. It is also
 * defined on `Intl`.
 */
import "@formatjs/intl-segmenter/polyfill-force.js";
import { byLookup } from "./intl-lookup.ts";

// In a bundle, the dotted name would refer to the export of this module.
const { Segmenter: polyfill } = Intl;

export const Segmenter = byLookup("Segmenter", polyfill);
