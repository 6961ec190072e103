export interface Part {
  readonly type: string;
  readonly value: string;
}

export interface RangePart extends Part {
  readonly source: "startRange" | "endRange" | "shared";
}

export function textOf(parts: readonly Part[]): string {
  return parts.map(({ value }) => value).join("");
}

/** Joins consecutive literals into one. */
export function joinedParts(parts: readonly Part[]): Part[] {
  const joined: { type: string; value: string }[] = [];
  for (const { type, value } of parts) {
    const last = joined.at(-1);
    if (type === "literal" && last?.type === "literal") last.value += value;
    else joined.push({ type, value });
  }
  return joined;
}
