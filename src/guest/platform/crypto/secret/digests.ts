import { digestOf } from "../keys/algorithm.ts";
import type { Algorithm } from "../keys/algorithm.ts";
import { digestBytes } from "../keys/fields.ts";
import type { HashName } from "../keys/fields.ts";

/** FIPS 180-4 and FIPS 202. */
export const digests: readonly Algorithm[] = (Object.keys(digestBytes) as readonly HashName[]).map(
  (name) => ({
    name,
    digest: () => (data) => digestOf(name, data),
  }),
);
