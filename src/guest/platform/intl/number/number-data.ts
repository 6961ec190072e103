/** The number data that the scripts in `scripts/intl-data` generate. They document the members. */
export type ByPlural = string | Readonly<Record<string, string>>;
export type Signed = readonly [plain: string, negative: string, positive: string];
export type Compact = readonly ByPlural[];

export interface NumberData {
  readonly numbering: string;
  readonly symbols: readonly string[];
  readonly grouping: readonly number[];
  readonly decimal: Signed;
  readonly percent: Signed;
  readonly currency: { readonly standard: readonly Signed[]; readonly accounting: readonly Signed[] };
  readonly currencyName: ByPlural;
  readonly compact: Readonly<Record<"short" | "long" | "currency" | "currencyLong", Compact>>;
  readonly range: string;
  readonly currencyRange: string;
  readonly currencySymbols?: readonly string[];
  readonly euro?: Pick<NumberData, "currency" | "currencySymbols">;
  readonly plurals: {
    readonly cardinal: Readonly<Record<string, string>>;
    readonly ordinal: Readonly<Record<string, string>>;
    readonly ranges: Readonly<Record<string, string>>;
  };
}

export interface CurrencyData {
  readonly symbols: Readonly<Record<string, string>>;
  readonly narrow: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, ByPlural>>;
}

export interface UnitData {
  readonly simple: Readonly<Record<string, Readonly<Record<string, ByPlural>>>>;
  readonly per: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly compound: Readonly<Record<string, Readonly<Record<string, ByPlural>>>>;
}

/** The text for a plural category. */
export function ofPlural(texts: ByPlural, category: string): string {
  return typeof texts === "string" ? texts : (texts[category] ?? texts["other"] ?? "");
}
