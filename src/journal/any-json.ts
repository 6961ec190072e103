import { z } from "zod";
import type { JsonValue } from "../base/json.ts";

/**
 * A schema for a required member of a value that `JSON.parse` returned. Such a member is JSON already, so it is not
 * validated: `z.json()` would try every nested value against every type, which takes seconds for a large payload.
 */
export const anyJson = z.custom<JsonValue>((value) => value !== undefined);
