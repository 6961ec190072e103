/** Converts a text to a valid workflow ID. */
export function slug(text: string): string {
  const kept = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 63);
  const trimmed = kept.replace(/-+$/, "");
  return trimmed === "" ? "workflow" : trimmed;
}
