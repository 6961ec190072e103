/** `node:util`. */
import { isDeepStrictEqual } from "assert/build/internal/util/comparisons";

export * from "../util-core.ts";
export { isDeepStrictEqual };
