/** Expressions over a generated `input` whose values are compared at sizes up to some megabytes. */
import type { InputKind } from "./large-inputs.ts";

export interface SweepCase {
  readonly input: InputKind;
  /** May give a promise, and throw: then the class of the error is compared. */
  readonly expression: string;
  /** The largest input, where a larger one says nothing more, or costs too much fuel. */
  readonly maxSize?: number;
}

const encodings =
  "utf-8 utf-16le utf-16be ibm866 iso-8859-2 iso-8859-5 iso-8859-7 iso-8859-8-i iso-8859-16 koi8-r koi8-u macintosh windows-874 windows-1250 windows-1251 windows-1252 windows-1254 windows-1258 x-mac-cyrillic gbk gb18030 big5 euc-jp iso-2022-jp shift_jis euc-kr x-user-defined".split(
    " ",
  );

const through = (stream: string): string => `new Response(new Blob([input]).stream()${stream}).bytes()`;

export const sweepCases: readonly SweepCase[] = [
  { input: "text", expression: "new TextEncoder().encode(input)" },
  {
    input: "text",
    expression:
      "(() => { const to = new Uint8Array(1000); const { read, written } = new TextEncoder().encodeInto(input, to); return [read, written, ...to]; })()",
  },
  ...encodings.flatMap((encoding): readonly SweepCase[] => [
    {
      input: "bytes",
      expression: `new TextDecoder("${encoding}").decode(input)`,
      ...(encoding.startsWith("utf") ? {} : { maxSize: 100_000 }),
    },
    {
      input: "bytes",
      expression: `new TextDecoder("${encoding}", { fatal: true }).decode(input)`,
      maxSize: 100_000,
    },
  ]),
  {
    input: "text",
    expression: "new TextDecoder().decode(new TextEncoder().encode(input)) === input.toWellFormed()",
  },
  {
    input: "text",
    expression:
      "(() => { const bytes = new TextEncoder().encode(input), decoder = new TextDecoder(); let text = ''; for (let at = 0; at < bytes.length; at += 7) text += decoder.decode(bytes.subarray(at, at + 7), { stream: true }); return text + decoder.decode(); })()",
    maxSize: 100_000,
  },
  { input: "latin1", expression: "btoa(input)" },
  { input: "text", expression: "btoa(input)" },
  { input: "latin1", expression: "atob(btoa(input))" },
  { input: "text", expression: "atob(input)" },
  { input: "text", expression: "encodeURIComponent(input.toWellFormed()) + encodeURI(input.toWellFormed())" },
  {
    input: "text",
    expression: "decodeURIComponent(encodeURIComponent(input.toWellFormed())) + decodeURI('%41%2f')",
  },
  { input: "text", expression: "encodeURIComponent(input)" },
  { input: "text", expression: "escape(input) + unescape(input)" },
  {
    input: "text",
    expression: "new URL('https://u:p@ex.test:81/' + input + '?' + input + '#' + input).href",
    maxSize: 1_000_000,
  },
  {
    input: "text",
    expression:
      "(() => { const url = new URL('https://a.test/b/c?d#e'); for (const key of ['pathname', 'search', 'hash', 'username', 'password']) url[key] = input; return [url.href, url.pathname, url.search, url.hash, url.username, url.origin]; })()",
    maxSize: 1_000_000,
  },
  {
    input: "text",
    expression:
      "(() => { const params = new URLSearchParams(input); params.append(input, input); params.sort(); return [params.size, String(params), params.get(input)]; })()",
    maxSize: 1_000_000,
  },
  { input: "text", expression: "[...new URLSearchParams([[input, 'a'], ['b', input]])]", maxSize: 1_000_000 },
  {
    input: "latin1",
    expression:
      "(() => { const headers = new Headers(); for (const [i, value] of input.replaceAll(/[\\0\\r\\n]/g, '').match(/.{1,50}/gs).slice(0, 200).entries()) headers.append('x-' + (i % 17), value); return [...headers]; })()",
    maxSize: 100_000,
  },
  { input: "text", expression: "new Headers({ a: input }).get('a')" },
  { input: "bytes", expression: "new Blob([input, input.subarray(1)]).arrayBuffer()" },
  { input: "text", expression: "new Blob([input]).slice(3, -5).text()" },
  { input: "text", expression: "new File([input], 'a.txt', { type: 'Text/Plain', lastModified: 5 }).text()" },
  {
    input: "text",
    expression:
      "(async () => { const form = new FormData(); form.append('a', input); form.append('f', new Blob([input]), 'f.txt'); const back = await new Request('https://a.test/', { method: 'POST', body: form }).formData(); return [back.get('a'), await back.get('f').text(), back.get('f').name]; })()",
    maxSize: 1_000_000,
  },
  { input: "text", expression: "Response.json({ a: [input] }).json()" },
  { input: "bytes", expression: "new Response(input).bytes()" },
  { input: "text", expression: "new Request('https://a.test/', { method: 'POST', body: input }).text()" },
  {
    input: "text",
    expression:
      "structuredClone(new Map([[input, { list: [input, 1n, new Date(5)].map(String) }]])).get(input)",
  },
  { input: "bytes", expression: "structuredClone({ a: [input, new DataView(input.buffer)] }).a[0]" },
  { input: "text", expression: "JSON.stringify({ [input]: [input, { a: input }] })" },
  { input: "text", expression: "JSON.parse(JSON.stringify([input]))[0]" },
  { input: "numbers", expression: "JSON.stringify(JSON.parse(JSON.stringify(input)))" },
  {
    input: "text",
    expression:
      "(async () => { let text = ''; for await (const chunk of ReadableStream.from([input, input]).pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream())) text += chunk; return text; })()",
  },
  {
    input: "bytes",
    expression:
      "(async () => { const [one, other] = new Blob([input]).stream().tee(); let length = 0; await one.pipeTo(new WritableStream({ write(chunk) { length += chunk.length; } })); return [length, (await new Response(other).bytes()).length]; })()",
  },
  ...["gzip", "deflate", "deflate-raw"].flatMap((format): readonly SweepCase[] => [
    {
      input: "bytes",
      expression: through(
        `.pipeThrough(new CompressionStream("${format}")).pipeThrough(new DecompressionStream("${format}"))`,
      ),
    },
    {
      input: "bytes",
      expression: through(`.pipeThrough(new DecompressionStream("${format}"))`),
      maxSize: 100_000,
    },
  ]),
  {
    input: "text",
    expression: "['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => input.normalize(form)).join()",
    maxSize: 1_000_000,
  },
  {
    input: "text",
    expression:
      "input.toUpperCase() + input.toLowerCase() + input.trim() + input.toWellFormed().length + input.at(-1)",
  },
  {
    input: "text",
    expression:
      "['\\\\p{Lu}', '\\\\p{L}', '\\\\p{Emoji}', '\\\\P{Lu}', '\\\\p{Script=Greek}', '[^\\\\s\\\\w]'].map((source) => input.match(new RegExp(source, 'gu'))?.length ?? 0)",
    maxSize: 100_000,
  },
  {
    input: "text",
    expression: "input.replaceAll(/(?<word>\\w+)|[^\\w]+/gu, (all, word) => word ? word.toUpperCase() : ' ')",
    maxSize: 1_000_000,
  },
  {
    input: "numbers",
    expression:
      "input.flatMap((x) => [String(x), Number.isSafeInteger(x) ? x.toString(36) : '', x.toPrecision(12), x.toExponential(5), Math.abs(x) < 1e20 ? x.toFixed(3) : '', parseFloat(String(x)), parseInt(String(x))].map(String))",
  },
  {
    input: "numbers",
    expression:
      "input.map((x) => [isNaN(x), isFinite(x), Boolean(x), Object.is(x, -0)].map(Number).join(''))",
  },
  {
    input: "numbers",
    expression:
      "input.filter(Number.isSafeInteger).map((x) => [BigInt(x) ** 5n, BigInt.asIntN(64, BigInt(x) << 7n), BigInt(x) / 7n].join())",
  },
  {
    input: "numbers",
    expression:
      "input.map((x) => { const date = new Date(x * 1000); return Number.isNaN(date.getTime()) ? 'invalid' : [date.toISOString(), date.getUTCDay(), date.getUTCFullYear() < 0 ? '' : [Date.parse(date.toUTCString()), new Date(date.toString()).getTime()], date.toJSON()].join(); })",
  },
  {
    input: "numbers",
    expression:
      "input.map((x) => [Math.sqrt(x), Math.floor(x), Math.round(x), Math.trunc(x), Math.sign(x), Math.fround(x), Math.clz32(x), Math.imul(x, 7), Math.abs(x), Math.max(x, 1), Math.min(x, 1)].join())",
  },
  {
    input: "numbers",
    expression:
      "input.map((x) => ['sin', 'cos', 'tan', 'exp', 'log', 'log2', 'log10', 'cbrt', 'atan', 'tanh', 'expm1', 'log1p'].map((name) => Math[name](x).toPrecision(12)).join())",
  },
  {
    input: "numbers",
    expression:
      "[...input].sort().concat([...new Float64Array(input).sort()], input.filter((x) => !Number.isNaN(x)).toSorted((a, b) => a - b || 0)).map(String)",
  },
  {
    input: "bytes",
    expression:
      "(() => { const view = new DataView(input.buffer); const at = Math.max(0, input.length - 9); return input.length < 9 ? 0 : [view.getUint16(at), view.getInt32(at, true), view.getFloat32(at), view.getBigInt64(at).toString(), new Int16Array(input.buffer.slice(0, 8)).join(), new Uint32Array(input.buffer.slice(0, 8)).join(), new Float32Array(input.buffer.slice(0, 8)).join()].map(String); })()",
  },
  {
    input: "text",
    expression:
      "[...new Map([...input.slice(0, 5000)].map((c, i) => [c, i])).values()].concat([...new Set(input.slice(0, 5000))].length)",
  },
  {
    input: "text",
    expression:
      "(() => { const target = new EventTarget(), seen = []; target.addEventListener(input, (event) => seen.push(event.type.length, event.detail), { once: true }); target.dispatchEvent(new CustomEvent(input, { detail: 1 })); target.dispatchEvent(new Event(input)); const controller = new AbortController(); controller.abort(input); return [...seen, AbortSignal.any([controller.signal]).reason === input, new DOMException(input, 'AbortError').code]; })()",
  },
  {
    input: "text",
    expression:
      "new Promise((resolve) => { const { port1, port2 } = new MessageChannel(); port2.onmessage = ({ data }) => { port1.close(); resolve(data); }; port1.postMessage(input); })",
  },
];
