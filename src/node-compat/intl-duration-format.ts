/** `Intl.DurationFormat`: durations as text. It is also defined on `Intl`. */
import "@formatjs/intl-durationformat/polyfill-force.js";
import { byLookup } from "./intl-lookup.ts";

// In a bundle, the dotted name would refer to the export of this module.
const { DurationFormat: polyfill } = Intl;

export const DurationFormat = byLookup("DurationFormat", polyfill);
