/**
 * Substitutes for the parts of Node that cannot work in a sandbox. They can be imported, passed around and
 * extended, and throw an error that explains the alternative when they are called.
 */

/** Alternatives by module. */
const alternatives: Readonly<Record<string, string>> = {
  fs: "A workflow has no file system: import the file as text, keep values in ctx.state, or fetch it",
  net: "A workflow opens no sockets: use fetch",
  dns: "A workflow does not look up names: fetch does",
  http: "A workflow does not listen: a webhook or POST /workflows/<id>/execute begins an execution; to send requests use fetch",
  http2: "A workflow speaks HTTP by fetch only",
  child_process:
    "A workflow starts no processes: call another workflow with ctx.call, or a service with fetch",
  worker_threads: "A workflow has one thread: call other workflows with ctx.call",
  vm: "Use new Function, which evaluates in the workflow's own globals",
  crypto: "Use crypto.subtle of the web platform, or a package in plain JavaScript",
  process: "A workflow is no process: return from run to end it, and throw to fail it",
  module: "Nothing can be required at run time: import it, so that it becomes part of the bundle",
};

const sameAs: Readonly<Record<string, string>> = {
  "fs/promises": "fs",
  tls: "net",
  dgram: "net",
  "dns/promises": "dns",
  https: "http",
  cluster: "child_process",
  readline: "child_process",
  "readline/promises": "child_process",
};

/** @returns an error that names the unavailable function and its alternative */
export function unavailableError(module: string, name: string, code = "ERR_NOT_AVAILABLE"): Error {
  const alternative = alternatives[sameAs[module] ?? module] ?? "Use what the web platform has instead";
  return Object.assign(new Error(`Cannot use ${name} of node:${module} in a workflow. ${alternative}.`), {
    code,
  });
}

/** A function that is also a class that can be extended. It throws when it is called or constructed. */
export function unavailable(module: string, name: string): (...args: unknown[]) => never {
  function throwUnavailable(): never {
    throw unavailableError(module, name);
  }
  return Object.defineProperty(throwUnavailable, "name", { value: name, configurable: true });
}
