import type { MockedFetch } from "#preview/contract/mock-response.ts";
import type { ClockMode, NetworkMode, PreviewSecret } from "#preview/contract/preview.ts";

/** The settings of a workflow's previews, apart from their input. */
export interface PreviewOptions {
  readonly clock: ClockMode;
  readonly network: NetworkMode;
  readonly answers: readonly MockedFetch[];
  /** Secrets by name, kept in memory only. */
  readonly secrets: Readonly<Record<string, PreviewSecret>>;
}

export const usualOptions: PreviewOptions = { clock: "skip", network: "ask", answers: [], secrets: {} };

export const clockModes: readonly (readonly [ClockMode, string])[] = [
  ["skip", "Skip waits"],
  ["real", "Real time"],
  ["manual", "Manual"],
];

export const networkModes: readonly (readonly [NetworkMode, string])[] = [
  ["ask", "Send, prompt on failure"],
  ["direct", "Send, fail on failure"],
  ["off", "Offline, prompt for every request"],
];

/** Adds a mock response at the front, so that the latest one for a URL is used. */
export function withAnswer(options: PreviewOptions, answer: MockedFetch): PreviewOptions {
  const others = options.answers.filter(({ method, url }) => method !== answer.method || url !== answer.url);
  return { ...options, answers: [answer, ...others] };
}

export function withoutAnswer(options: PreviewOptions, answer: MockedFetch): PreviewOptions {
  return { ...options, answers: options.answers.filter((other) => other !== answer) };
}

/** Describes a mock response: `GET https://api.example.com/* → 200`. */
export function answerSummary({ method, url, response }: MockedFetch): string {
  return `${method ?? "any method"} ${url} → ${response.status ?? 200}`;
}
