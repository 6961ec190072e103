import { digestOf } from "./algorithm.ts";
import type { Algorithm } from "./algorithm.ts";
import { digestBytes } from "./fields.ts";
import type { HashName } from "./fields.ts";

/** FIPS 180-4 and FIPS 202. */
export const digests: readonly Algorithm[] = (Object.keys(digestBytes) as readonly HashName[]).map(
  (name) => ({
    name,
    digest: () => (data) => digestOf(name, data),
  }),
);
