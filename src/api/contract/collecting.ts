import { z } from "zod";
import { DuraniumError } from "../../domain/errors.ts";

/** Makes a schema transform of `parse`, whose errors are collected like other violations. */
export function collecting<T>(parse: (text: string) => T) {
  return (text: string, context: z.core.$RefinementCtx<string>): T => {
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof DuraniumError)) throw error;
      context.addIssue({ code: "custom", message: error.message, params: { code: error.code }, input: text });
      return z.NEVER;
    }
  };
}
