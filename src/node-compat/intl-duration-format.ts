/** `Intl.DurationFormat`: durations in words and digits. Who looks for it on `Intl` finds it too. */
import "@formatjs/intl-durationformat/polyfill-force.js";
import { byLookup } from "./intl-lookup.ts";

// In a bundle, the dotted name would mean what is exported here.
const { DurationFormat: polyfill } = Intl;

export const DurationFormat = byLookup("DurationFormat", polyfill);
