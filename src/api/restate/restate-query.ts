import { DuraniumError } from "../../domain/errors.ts";
import { maxRestateQueryOperators, maxRestateQueryParentheses } from "../contract/limits.ts";

/**
 * Asserts that SQL for Restate is a single query. Other statements (`SET`, `PREPARE`, …) would change the server for
 * all later requests, and expressions with thousands of operators would crash it, because it plans them recursively.
 *
 * @param body as sent by the web UI: `{"query": "SELECT …"}`
 * @throws {DuraniumError} `invalid-request`, `forbidden`
 */
export function assertQueryAllowed(body: Uint8Array): void {
  const sql = queryOf(body);
  const tokens = sql.match(token) ?? [];
  const [first = ""] = tokens.filter((text) => !isComment(text));
  if (!/^(?:select|with)$/i.test(first)) {
    throw new DuraniumError(
      "forbidden",
      "Cannot forward the statement to Restate: only queries are allowed, which begin with SELECT or WITH",
    );
  }
  const operators = tokens.filter((text) => operator.test(text)).length;
  if (operators > maxRestateQueryOperators)
    throw tooComplex(`${operators} operators`, maxRestateQueryOperators);
  const depth = depthOf(tokens);
  if (depth > maxRestateQueryParentheses)
    throw tooComplex(`${depth} parentheses`, maxRestateQueryParentheses);
}

function queryOf(body: Uint8Array): string {
  try {
    const { query } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as {
      query?: unknown;
    };
    if (typeof query === "string") return query;
  } catch {
    // Invalid JSON is rejected below.
  }
  throw new DuraniumError("invalid-request", 'Cannot read the query: the body is not {"query": "SELECT …"}');
}

/** Strings, quoted names, comments, words and numbers are one token each; every other character is its own token. */
const token = /'[^']*'?|"[^"]*"?|--[^\n]*|\/\*[^]*?(?:\*\/|$)|[\p{L}\p{N}_.]+|[^\s]/gu;

function isComment(text: string): boolean {
  return text.startsWith("--") || text.startsWith("/*");
}

/** Tokens that nest an expression. Commas do not, so a list of IDs may be long. */
const operator =
  /^(?:[-+*/%<>=!|&^~:[]|and|or|not|is|in|like|ilike|between|case|when|then|else|union|intersect|except|join|select|from|over|cast)$/i;

function depthOf(tokens: readonly string[]): number {
  let depth = 0;
  let deepest = 0;
  for (const text of tokens) {
    if (text === "(") deepest = Math.max(deepest, (depth += 1));
    else if (text === ")") depth -= 1;
  }
  return deepest;
}

function tooComplex(what: string, limit: number): DuraniumError {
  return new DuraniumError(
    "invalid-request",
    `Cannot forward the query to Restate: it has ${what}, and may have ${limit}`,
  );
}
