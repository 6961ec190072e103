/** `Intl.DurationFormat`: durations in words and digits. Who looks for it on `Intl` finds it too. */
import "@formatjs/intl-durationformat/polyfill-force.js";

export const { DurationFormat } = Intl;

// Bundling renames classes.
Object.defineProperty(DurationFormat, "name", { value: "DurationFormat", configurable: true });
