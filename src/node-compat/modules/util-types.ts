/** `node:util/types`. */
export * from "../type-checks.ts";
