import { z } from "zod";
import type { JsonValue } from "../base/json.ts";

/**
 * A member that came out of `JSON.parse`, so that it can be nothing but JSON: it has to be there, and is not looked into.
 * `z.json()` tries each member of each list against every kind of value, 2.5 ms for a kilobyte of nested lists.
 */
export const anyJson = z.custom<JsonValue>((value) => value !== undefined);
