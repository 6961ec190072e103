/** `Intl.Segmenter`: graphemes, words and sentences by the rules of Unicode, without dictionaries. Who looks for it on `Intl` finds it too. */
import "@formatjs/intl-segmenter/polyfill-force.js";

export const { Segmenter } = Intl;
