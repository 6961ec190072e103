import type { Schemas } from "#client";
import type { TimelineStep } from "../../components/step.ts";
import { httpStatusOf } from "../../components/step.ts";

type StepAnswer = Schemas["StepAnswer"];

/** Operations whose results can be replaced in a fork. */
const answerable: ReadonlySet<string> = new Set(["fetch", "call", "wait", "sleep", "timer"]);

export function isAnswerable({ operation }: Pick<TimelineStep, "operation">): boolean {
  return answerable.has(operation);
}

/**
 * The result of a step as JSON text to edit. A body that is JSON is part of it as a value.
 */
export function answerText(step: TimelineStep): string {
  return JSON.stringify(answerOf(step), null, 2);
}

function answerOf(step: TimelineStep): unknown {
  const { operation, error } = step;
  if (error !== undefined) return { error: { name: error.name, message: error.message } };
  if (operation === "sleep" || operation === "timer") return { result: null };
  if (operation === "call") return { result: step.result ?? null };
  if (operation === "wait") return { result: memberOf(step.result, "value") ?? null };
  const text = memberOf(step.result, "text");
  const type = headersOf(step.result).find(([name]) => name === "content-type");
  return {
    status: httpStatusOf(step) ?? 200,
    ...(type === undefined ? {} : { headers: [type] }),
    body: typeof text === "string" ? parsed(text) : "",
  };
}

function headersOf(result: unknown): readonly (readonly [string, string])[] {
  const headers = memberOf(memberOf(result, "value"), "headers");
  return Array.isArray(headers) ? (headers as readonly (readonly [string, string])[]) : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Reads an edited answer. @returns the answer, or why it is none as a sentence. The server validates its members. */
export function parseAnswer(
  step: number,
  text: string,
): { readonly answer: StepAnswer } | { readonly error: string } {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { error: `Invalid JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return { error: "Enter an object with `status`, `result` or `error`." };
  const { body, ...rest } = given as { readonly body?: unknown };
  const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  return { answer: { ...rest, ...(sent === undefined ? {} : { body: sent }), step } as StepAnswer };
}
