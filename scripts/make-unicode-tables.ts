/**
 * Generates the tables of `src/guest/platform/unicode/` from the current Node's Unicode data, which the engine
 * lacks. The tables are part of the repository because another Node may have another Unicode version, and the
 * engine must not change.
 */
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Each category with all of its names, as listed in ECMA-262 (table "Value Aliases and Canonical Values …"). */
const categories = list(`
  Control Cc cntrl, Format Cf, Unassigned Cn, Private_Use Co, Surrogate Cs, Lowercase_Letter Ll,
  Modifier_Letter Lm, Other_Letter Lo, Titlecase_Letter Lt, Uppercase_Letter Lu, Spacing_Mark Mc,
  Enclosing_Mark Me, Nonspacing_Mark Mn, Decimal_Number Nd digit, Letter_Number Nl, Other_Number No,
  Connector_Punctuation Pc, Dash_Punctuation Pd, Close_Punctuation Pe, Final_Punctuation Pf,
  Initial_Punctuation Pi, Other_Punctuation Po, Open_Punctuation Ps, Currency_Symbol Sc,
  Modifier_Symbol Sk, Math_Symbol Sm, Other_Symbol So, Line_Separator Zl, Paragraph_Separator Zp,
  Space_Separator Zs
`);

const scripts = list(`
  Adlam Adlm, Caucasian_Albanian Aghb, Ahom, Arabic Arab, Imperial_Aramaic Armi, Armenian Armn,
  Avestan Avst, Balinese Bali, Bamum Bamu, Bassa_Vah Bass, Batak Batk, Bengali Beng, Beria_Erfe Berf,
  Bhaiksuki Bhks, Bopomofo Bopo, Brahmi Brah, Braille Brai, Buginese Bugi, Buhid Buhd, Chakma Cakm,
  Canadian_Aboriginal Cans, Carian Cari, Cham, Cherokee Cher, Chorasmian Chrs, Coptic Copt Qaac,
  Cypro_Minoan Cpmn, Cypriot Cprt, Cyrillic Cyrl, Devanagari Deva, Dives_Akuru Diak, Dogra Dogr,
  Deseret Dsrt, Duployan Dupl, Egyptian_Hieroglyphs Egyp, Elbasan Elba, Elymaic Elym, Ethiopic Ethi,
  Garay Gara, Georgian Geor, Glagolitic Glag, Gunjala_Gondi Gong, Masaram_Gondi Gonm, Gothic Goth,
  Grantha Gran, Greek Grek, Gujarati Gujr, Gurung_Khema Gukh, Gurmukhi Guru, Hangul Hang, Han Hani,
  Hanunoo Hano, Hatran Hatr, Hebrew Hebr, Hiragana Hira, Anatolian_Hieroglyphs Hluw, Pahawh_Hmong
  Hmng, Nyiakeng_Puachue_Hmong Hmnp, Old_Hungarian Hung, Old_Italic Ital,
  Javanese Java, Kayah_Li Kali, Katakana Kana, Kawi, Kharoshthi Khar, Khmer Khmr, Khojki Khoj,
  Khitan_Small_Script Kits, Kannada Knda, Kirat_Rai Krai, Kaithi Kthi, Tai_Tham Lana, Lao Laoo, Latin
  Latn, Lepcha Lepc, Limbu Limb, Linear_A Lina, Linear_B Linb, Lisu, Lycian Lyci, Lydian Lydi,
  Mahajani Mahj, Makasar Maka, Mandaic Mand, Manichaean Mani, Marchen Marc, Medefaidrin Medf,
  Mende_Kikakui Mend, Meroitic_Cursive Merc, Meroitic_Hieroglyphs Mero, Malayalam Mlym, Modi,
  Mongolian Mong, Mro Mroo, Meetei_Mayek Mtei, Multani Mult, Myanmar Mymr, Nag_Mundari Nagm,
  Nandinagari Nand, Old_North_Arabian Narb, Nabataean Nbat, Newa, Nko Nkoo, Nushu Nshu, Ogham Ogam,
  Ol_Chiki Olck, Ol_Onal Onao, Old_Turkic Orkh, Oriya Orya, Osage Osge, Osmanya Osma, Old_Uyghur Ougr,
  Palmyrene Palm, Pau_Cin_Hau Pauc, Old_Permic Perm, Phags_Pa Phag, Inscriptional_Pahlavi Phli,
  Psalter_Pahlavi Phlp, Phoenician Phnx, Miao Plrd, Inscriptional_Parthian Prti, Rejang Rjng,
  Hanifi_Rohingya Rohg, Runic Runr, Samaritan Samr, Old_South_Arabian Sarb, Saurashtra Saur,
  SignWriting Sgnw, Shavian Shaw, Sharada Shrd, Siddham Sidd, Sidetic Sidt, Khudawadi Sind, Sinhala
  Sinh, Sogdian Sogd, Old_Sogdian Sogo, Sora_Sompeng Sora, Soyombo Soyo, Sundanese Sund, Sunuwar Sunu,
  Syloti_Nagri Sylo, Syriac Syrc, Tagbanwa Tagb, Takri Takr, Tai_Le Tale, New_Tai_Lue Talu, Tamil
  Taml, Tangut Tang, Tai_Viet Tavt, Tai_Yo Tayo, Telugu Telu, Tifinagh Tfng, Tagalog Tglg, Thaana
  Thaa, Thai, Tibetan Tibt, Tirhuta Tirh, Tangsa Tnsa, Todhri Todr, Tolong_Siki Tols, Toto,
  Tulu_Tigalari Tutg, Ugaritic Ugar, Vai Vaii, Vithkuqi Vith, Warang_Citi Wara, Wancho Wcho,
  Old_Persian Xpeo, Cuneiform Xsux, Yezidi Yezi, Yi Yiii, Zanabazar_Square Zanb, Inherited Zinh Qaai,
  Common Zyyy, Unknown Zzzz
`);

const binaries = list(`
  Alphabetic Alpha, Uppercase Upper, Lowercase Lower, White_Space space, ID_Start IDS, ID_Continue IDC,
  XID_Start XIDS, XID_Continue XIDC, Emoji, Emoji_Presentation EPres, Emoji_Modifier EMod,
  Emoji_Modifier_Base EBase, Emoji_Component EComp, Extended_Pictographic ExtPict, Regional_Indicator RI, Cased,
  Case_Ignorable CI, Dash, Diacritic Dia, Extender Ext, Grapheme_Extend Gr_Ext, Hex_Digit Hex,
  ASCII_Hex_Digit AHex, Ideographic Ideo, Unified_Ideograph UIdeo, Join_Control Join_C, Math,
  Quotation_Mark QMark, Sentence_Terminal STerm, Terminal_Punctuation Term, Variation_Selector VS,
  Default_Ignorable_Code_Point DI, Noncharacter_Code_Point NChar, Pattern_Syntax Pat_Syn,
  Pattern_White_Space Pat_WS, Bidi_Control Bidi_C, Bidi_Mirrored Bidi_M, Soft_Dotted SD, Changes_When_Casefolded CWCF,
  Changes_When_Casemapped CWCM, Changes_When_Lowercased CWL, Changes_When_NFKC_Casefolded CWKCF, Changes_When_Titlecased CWT,
  Changes_When_Uppercased CWU, Deprecated Dep, Grapheme_Base Gr_Base, IDS_Binary_Operator IDSB, IDS_Trinary_Operator IDST,
  Logical_Order_Exception LOE, Radical
`);

const lastCodePoint = 0x10_ff_ff;
/** Marks of the lowest and of the highest combining class. */
const lowest = 0x3_34;
const highest = 0x3_45;
const require = createRequire(import.meta.url);
const folder = new URL("../src/guest/platform/unicode/", import.meta.url);
const unicode = process.versions["unicode"];

writeFileSync(
  new URL("property-tables.ts", folder),
  `/** Written by scripts/make-unicode-tables.ts. Code points of each property, by its names: gap and length of each range, in base 36. */
// Unicode ${unicode}.
export const categoryRanges = ${table(categories, (name) => `\\p{gc=${name}}`)};

export const scriptRanges = ${table(scripts, (name) => `\\p{sc=${name}}`)};

/** Of the scripts that have other characters in their extensions. */
export const scriptExtensionRanges = ${table(scripts.filter(isExtended), (name) => `\\p{scx=${name}}`)};

export const binaryRanges = ${table(binaries, (name) => `\\p{${name}}`)};
`,
);

writeFileSync(
  new URL("normalization-tables.ts", folder),
  `/** Written by scripts/make-unicode-tables.ts. Entries are code points in base 36, the first less that of the entry before. */
// Unicode ${unicode}.

/** The whole canonical decomposition of a code point. */
export const canonical = ${decompositions("NFD")};

/** The whole compatibility decomposition, where it is another. */
export const compatible = ${decompositions("NFKD")};

/** What two code points make together. */
export const compositions = ${compositions()};

/** Combining classes that are not 0, from the ranks that marks take when they are sorted: a run of code points each. */
export const combiningClasses = ${combiningClasses()};
`,
);

const tone = /[\u{1f3fb}-\u{1f3ff}]/gu;

writeFileSync(
  new URL("emoji-sequences.ts", folder),
  `/** Written by scripts/make-unicode-tables.ts. What string-properties.ts cannot compute of emoji that consist of several characters. */
// Unicode ${unicode}.

/** Regions. */
export const flagSequences = "${flagRegions().join(" ")}";

/** Subdivisions of countries that have flags. */
export const tagSequences = "${tagged().join(" ")}";

/** Characters that can be modified, and not by a tone of skin. */
export const withoutTones = "${basesWithoutTones().join("")}";

/** With \`*\` for any tone of skin, and \`!\` before sequences whose two tones differ. */
export const zwjSequences =
  "${zwjTemplates().join(" ")}";
`,
);

function list(text: string): readonly string[] {
  return text.split(",").map((names) => names.trim().replaceAll(/\s+/g, " "));
}

function isExtended(names: string): boolean {
  const [name = ""] = names.split(" ");
  const isOther = new RegExp(`[\\p{sc=${name}}--\\p{scx=${name}}]|[\\p{scx=${name}}--\\p{sc=${name}}]`, "v");
  return rangesOf((codePoint) => isOther.test(String.fromCodePoint(codePoint))).length > 0;
}

function table(properties: readonly string[], escape: (name: string) => string): string {
  const lines = properties.map((names) => {
    const isMember = new RegExp(escape(names.split(" ")[0] ?? ""), "u");
    const ranges = rangesOf((codePoint) => isMember.test(String.fromCodePoint(codePoint)));
    return `  "${names}": "${encodeRanges(ranges)}",`;
  });
  return `{\n${lines.join("\n")}\n}`;
}

type Range = readonly [start: number, end: number];

function rangesOf(isMember: (codePoint: number) => boolean): readonly Range[] {
  const ranges: Range[] = [];
  let start = -1;
  for (let codePoint = 0; codePoint <= lastCodePoint + 1; codePoint += 1) {
    const belongs = codePoint <= lastCodePoint && isMember(codePoint);
    if (belongs && start < 0) start = codePoint;
    if (belongs || start < 0) continue;
    ranges.push([start, codePoint]);
    start = -1;
  }
  return ranges;
}

function encodeRanges(ranges: readonly Range[]): string {
  let before = 0;
  const numbers = ranges.flatMap(([start, end]) => {
    const pair = [start - before, end - start];
    before = end;
    return pair;
  });
  return numbers.map((number) => number.toString(36)).join(" ");
}

/** Hangul syllables are computed, and all others are listed. */
function* decomposable(form: "NFD" | "NFKD"): Generator<readonly [codePoint: number, text: string]> {
  for (let codePoint = 0; codePoint <= lastCodePoint; codePoint += 1) {
    if (isHangulSyllable(codePoint)) continue;
    const character = String.fromCodePoint(codePoint);
    const text = character.normalize(form);
    if (text !== character) yield [codePoint, text];
  }
}

function decompositions(form: "NFD" | "NFKD"): string {
  const entries = [...decomposable(form)].filter(
    ([codePoint, text]) => form === "NFD" || text !== String.fromCodePoint(codePoint).normalize("NFD"),
  );
  return encodeEntries(entries.map(([codePoint, text]) => [codePoint, ...codePointsOf(text)]));
}

function compositions(): string {
  const entries = [...decomposable("NFD")].flatMap(([codePoint, text]) => {
    const last = codePointsOf(text).at(-1) ?? 0;
    const first = codePointsOf(text.slice(0, -String.fromCodePoint(last).length).normalize("NFC"));
    const isComposed = text.normalize("NFC") === String.fromCodePoint(codePoint) && first.length === 1;
    return isComposed ? [[codePoint, first[0] ?? 0, last]] : [];
  });
  return encodeEntries(entries);
}

function encodeEntries(entries: readonly (readonly number[])[]): string {
  let before = 0;
  const texts = entries.map(([codePoint = 0, ...rest]) => {
    const numbers = [codePoint - before, ...rest];
    before = codePoint;
    return numbers.map((number) => number.toString(36)).join(" ");
  });
  return `"${texts.join(",")}"`;
}

/** Node only reveals the order of the combining classes, which is sufficient. */
function combiningClasses(): string {
  const marks = rangesOf((codePoint) => /\p{M}/u.test(String.fromCodePoint(codePoint)))
    .flatMap(([start, end]) => Array.from({ length: end - start }, (_, index) => start + index))
    .filter((mark) => isBefore(lowest, mark) || isBefore(mark, highest));
  const classes = new Map<number, Set<number>>();
  for (const mark of marks) {
    const peer =
      [...classes.keys()].find((other) => !isBefore(mark, other) && !isBefore(other, mark)) ?? mark;
    classes.set(peer, (classes.get(peer) ?? new Set()).add(mark));
  }
  const ranked = [...classes].toSorted(([a], [b]) => (isBefore(a, b) ? -1 : 1));
  const runs = ranked.map(([, members]) => encodeRanges(rangesOf((codePoint) => members.has(codePoint))));
  return `"${runs.join(",")}"`;
}

/** True if the first of two marks is moved before the second. */
function isBefore(first: number, second: number): boolean {
  const wrong = Array.from([second, first], (mark) => String.fromCodePoint(mark).normalize("NFD")).join("");
  const right = Array.from([first, second], (mark) => String.fromCodePoint(mark).normalize("NFD")).join("");
  return wrong !== right && wrong.normalize("NFD") === right;
}

function isHangulSyllable(codePoint: number): boolean {
  return codePoint >= 0xac_00 && codePoint <= 0xd7_a3;
}

function codePointsOf(text: string): readonly number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function flagRegions(): readonly string[] {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCodePoint(0x41 + index));
  const regions = letters.flatMap((first) => letters.map((second) => first + second));
  return regions.filter((region) => isOf("RGI_Emoji_Flag_Sequence", flagOf(region)));
}

function flagOf(region: string): string {
  return String.fromCodePoint(...Array.from(region, (letter) => 0x1_f1_e6 + letter.charCodeAt(0) - 0x41));
}

function tagged(): readonly string[] {
  return candidates("RGI_Emoji_Tag_Sequence").map((text) =>
    String.fromCodePoint(
      ...codePointsOf(text)
        .slice(1, -1)
        .map((tag) => tag - 0xe_00_00),
    ),
  );
}

function basesWithoutTones(): readonly string[] {
  return rangesOf((codePoint) => /\p{Emoji_Modifier_Base}/u.test(String.fromCodePoint(codePoint)))
    .flatMap(([start, end]) => Array.from({ length: end - start }, (_, index) => start + index))
    .map((codePoint) => String.fromCodePoint(codePoint))
    .filter((base) => !isOf("RGI_Emoji_Modifier_Sequence", `${base}\u{1f3fb}`));
}

function zwjTemplates(): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of candidates("RGI_Emoji_ZWJ_Sequence")) {
    const template = text.replaceAll(tone, "*");
    counts.set(template, (counts.get(template) ?? 0) + 1);
  }
  return [...counts].map(([template, count]) => {
    const places = template.split("*").length - 1;
    if (count === 5 ** places) return template;
    if (places === 2 && count === 20) return `!${template}`;
    throw new Error(`${template} has ${count} combinations of tones`);
  });
}

/** Node can test whether a text has a property, but cannot list the texts that have it. */
function candidates(property: string): readonly string[] {
  const { strings } = require(`regenerate-unicode-properties/Property_of_Strings/${property}.js`) as {
    readonly strings: readonly string[];
  };
  return strings.filter((text) => isOf(property, text));
}

function isOf(property: string, text: string): boolean {
  return new RegExp(`^\\p{${property}}$`, "v").test(text);
}
