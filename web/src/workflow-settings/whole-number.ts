/** As people write numbers: `1,000,000`, `1e9`. @throws {Error} that names the field by its label */
export function readWholeNumber(text: string, label: string): number {
  const value = Number(text.replaceAll(/[\s,_]/g, ""));
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`“${text}” is no whole number: look at “${label}”.`);
}
