/** Node's built-in modules, as a fixed list because bundling also runs where there is no Node to ask. */

/** True for `fs` and `node:fs`. */
export function isNodeModule(specifier: string): boolean {
  if (!specifier.startsWith("node:")) return names.has(specifier);
  const name = specifier.slice("node:".length);
  return names.has(name) || prefixedNames.has(name);
}

const names: ReadonlySet<string> = new Set(
  [
    "_http_agent _http_client _http_common _http_incoming _http_outgoing _http_server _stream_duplex",
    "_stream_passthrough _stream_readable _stream_transform _stream_wrap _stream_writable _tls_common _tls_wrap",
    "assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram",
    "diagnostics_channel dns dns/promises domain events fs fs/promises http http2 https inspector",
    "inspector/promises module net os path path/posix path/win32 perf_hooks process punycode querystring",
    "readline readline/promises repl stream stream/consumers stream/promises stream/web string_decoder sys",
    "timers timers/promises tls trace_events tty url util util/types v8 vm wasi worker_threads zlib",
  ].flatMap((line) => line.split(" ")),
);

/** Without `node:` these names refer to packages. */
const prefixedNames: ReadonlySet<string> = new Set(["ffi", "sea", "sqlite", "test", "test/reporters"]);
