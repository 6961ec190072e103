import { unavailable, unavailableError } from "../unavailable.ts";

type Callback = (error: Error) => void;

/** Calls back with the error, which callers that look up a name handle. */
export function lookup(host: unknown, ...rest: readonly unknown[]): void {
  const done = rest.at(-1) as Callback;
  queueMicrotask(() => done(unavailableError("dns", `lookup("${String(host)}")`, "ENOTFOUND")));
}

export const promises = {
  lookup: (host: unknown): Promise<never> =>
    Promise.reject(unavailableError("dns", `lookup("${String(host)}")`, "ENOTFOUND")),
  resolve: unavailable("dns", "promises.resolve"),
};
export const setDefaultResultOrder = (): void => {};
export const getDefaultResultOrder = (): string => "verbatim";
