export type Json = null | string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/**
 * The members of `child` that differ from `parent`, with `null` for members that `child` does not have. `undefined`
 * if both are equal.
 */
export function difference(parent: Json | undefined, child: Json): Json | undefined {
  if (JSON.stringify(parent) === JSON.stringify(child)) return undefined;
  if (!isRecord(parent) || !isRecord(child)) return child;
  const changed: Record<string, Json> = {};
  for (const [key, value] of Object.entries(child)) {
    const part = difference(parent[key], value);
    if (part !== undefined) changed[key] = part;
  }
  for (const key of Object.keys(parent)) if (!(key in child)) changed[key] = null;
  return changed;
}

function isRecord(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
