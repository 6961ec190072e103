/** Parses typed JSON: the value, or why it is invalid. Empty text is `null`. */
export function parseJsonText(text: string): { readonly value: unknown } | { readonly error: string } {
  if (text.trim() === "") return { value: null };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { error: `Invalid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}
