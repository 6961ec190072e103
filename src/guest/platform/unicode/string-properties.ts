/**
 * Properties of strings, which patterns with the flag `v` support: sequences of characters that are shown as one
 * emoji.
 */
import type { Range } from "./case-folding.ts";
import { flagSequences, tagSequences, withoutTones, zwjSequences } from "./emoji-sequences.ts";
import { classOf, isInProperty, rangesNamed } from "./property-escapes.ts";

const tones = ["\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"];
const emojiStyle = "\ufe0f";

/**
 * The strings of each property that have more than one character
 * (https://www.unicode.org/reports/tr51/#emoji_sets).
 */
const sequences: Readonly<Record<string, () => readonly string[]>> = {
  Basic_Emoji: () => charactersOf("Emoji", isShownAsText).map((one) => one + emojiStyle),
  Emoji_Keycap_Sequence: () => Array.from("0123456789#*", (key) => `${key}${emojiStyle}\u20e3`),
  RGI_Emoji_Modifier_Sequence: () =>
    charactersOf("Emoji_Modifier_Base", (one) => !withoutTones.includes(one)).flatMap((base) =>
      tones.map((tone) => base + tone),
    ),
  RGI_Emoji_Flag_Sequence: () => flagSequences.split(" ").map(flagOf),
  RGI_Emoji_Tag_Sequence: () => tagSequences.split(" ").map(taggedFlagOf),
  RGI_Emoji_ZWJ_Sequence: () => zwjSequences.split(" ").flatMap(inAllTones),
};

const written = new Map<string, string>();

/** A class of the strings and characters of a property. `undefined` if the name is not a property of strings. */
export function classOfStrings(name: string): string | undefined {
  if (name !== "RGI_Emoji" && !Object.hasOwn(sequences, name)) return undefined;
  const known = written.get(name);
  if (known !== undefined) return known;
  const parts = name === "RGI_Emoji" ? Object.values(sequences) : [sequences[name] ?? (() => [])];
  const strings = parts.flatMap((make) => make());
  const text = `[${/^(?:RGI|Basic)_Emoji$/.test(name) ? shownAsEmoji() : ""}\\q{${strings.join("|")}}]`;
  written.set(name, text);
  return text;
}

/** Single regional indicators are excluded, because only a pair of them is a flag. */
function shownAsEmoji(): string {
  return classOf(rangesNamed("Emoji_Presentation")?.filter(([start]) => start !== firstLetter) ?? []);
}

function charactersOf(property: string, isWanted: (character: string) => boolean): string[] {
  const all = (rangesNamed(property) ?? []).flatMap(([start, end]: Range) =>
    Array.from({ length: end - start }, (_, index) => String.fromCodePoint(start + index)),
  );
  return all.filter(isWanted);
}

function isShownAsText(character: string): boolean {
  const codePoint = character.codePointAt(0) ?? 0;
  return codePoint > 0x7f && !isInProperty("Emoji_Presentation", codePoint);
}

/** The first regional indicator. Regional indicators represent letters. */
const firstLetter = 0x1_f1_e6;

function flagOf(region: string): string {
  return String.fromCodePoint(...Array.from(region, (letter) => firstLetter + letter.charCodeAt(0) - 0x41));
}

/** A flag of a subdivision: a black flag, the name of the subdivision in tags, and an end tag. */
function taggedFlagOf(subdivision: string): string {
  const tags = Array.from(subdivision, (letter) => 0xe_00_00 + letter.charCodeAt(0));
  return String.fromCodePoint(0x1_f3_f4, ...tags, 0xe_00_7f);
}

/** Expands `*` to every skin tone. A mark before the sequence means that its two tones differ. */
function inAllTones(sequence: string): readonly string[] {
  const areDifferent = sequence.startsWith("!");
  const [first = "", ...rest] = sequence.slice(areDifferent ? 1 : 0).split("*");
  let found: readonly (readonly [text: string, tone: string])[] = [[first, ""]];
  for (const part of rest) {
    found = found.flatMap(([text, before]) =>
      tones
        .filter((tone) => !areDifferent || tone !== before)
        .map((tone) => [text + tone + part, tone] as const),
    );
  }
  return found.map(([text]) => text);
}
