import type { ClockMode, MockedFetch, NetworkMode, PreviewSecret } from "#preview/contract/preview.ts";

/** How previews of a workflow are run, beside what they are begun with. */
export interface PreviewOptions {
  readonly clock: ClockMode;
  readonly network: NetworkMode;
  readonly answers: readonly MockedFetch[];
  /** By their names. They are in the memory of the tab, and nowhere else. */
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

/** One more answer, in front: the last one that is said of an address counts. */
export function withAnswer(options: PreviewOptions, answer: MockedFetch): PreviewOptions {
  const others = options.answers.filter(({ method, url }) => method !== answer.method || url !== answer.url);
  return { ...options, answers: [answer, ...others] };
}

export function withoutAnswer(options: PreviewOptions, answer: MockedFetch): PreviewOptions {
  return { ...options, answers: options.answers.filter((other) => other !== answer) };
}

/** `GET https://api.example.com/* → 200`, for people. */
export function answerSummary({ method, url, response }: MockedFetch): string {
  return `${method ?? "any method"} ${url} → ${response.status ?? 200}`;
}
