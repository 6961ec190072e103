/** Read before a workflow is loaded, and before the wrapper that workflows use replaces it. */
const NativeUrl = URL;

export type HeaderList = readonly (readonly [name: string, value: string])[];

interface ReferrerSettings {
  /** `about:client`, empty, or a URL. */
  readonly referrer: string;
  readonly referrerPolicy: string;
}

/** The default referrer of a request: a workflow has no document that could be one. */
export const aboutClient = "about:client";

/** Adds the `referer` header that a request's settings require (Referrer Policy, section 8.3). */
export function withReferrer(headers: HeaderList, settings: ReferrerSettings, url: string): HeaderList {
  const { referrer, referrerPolicy } = settings;
  if (referrer === aboutClient || referrer === "") return headers;
  const value = referrerFor(new NativeUrl(referrer), new NativeUrl(url), referrerPolicy);
  const others = headers.filter(([name]) => name !== "referer");
  return value === undefined ? others : [...others, ["referer", value]];
}

function referrerFor(referrer: URL, target: URL, policy: string): string | undefined {
  const origin = `${referrer.origin}/`;
  const isSameOrigin = referrer.origin === target.origin;
  const isDowngrade = referrer.protocol === "https:" && target.protocol !== "https:";
  const whole = withoutFragment(referrer);
  switch (policy) {
    case "no-referrer":
      return undefined;
    case "origin":
      return origin;
    case "unsafe-url":
      return whole;
    case "same-origin":
      return isSameOrigin ? whole : undefined;
    case "strict-origin":
      return isDowngrade ? undefined : origin;
    case "no-referrer-when-downgrade":
      return isDowngrade ? undefined : whole;
    case "origin-when-cross-origin":
      return isSameOrigin ? whole : origin;
    default:
      if (isSameOrigin) return whole;
      return isDowngrade ? undefined : origin;
  }
}

function withoutFragment({ origin, pathname, search }: URL): string {
  return origin + pathname + search;
}
