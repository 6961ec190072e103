/** `atob` and `btoa` of the HTML standard, section 8.3. The engine's versions throw errors of other classes. */
import { pieceLength } from "../../../core/text-chunks.ts";
import { domString } from "../../../core/interface.ts";

const decode = atob;
const encode = btoa;

/**
 * @param args the base64 text. A missing argument is a TypeError
 * @throws {DOMException} `InvalidCharacterError`
 */
export function decodeBase64(...args: [data: string]): string {
  const [data] = takeText("atob", args);
  return withCharacterError("atob", "The text is not base64", () => decode(data));
}

/**
 * Encodes in chunks, because the engine's version takes several times the memory of its result. @throws
 * {DOMException} `InvalidCharacterError`
 */
export function encodeBase64(...args: [data: string]): string {
  const [data] = takeText("btoa", args);
  return withCharacterError("btoa", "The text has characters above U+00FF", () => {
    let encoded = "";
    let start = 0;
    for (; start + pieceLength < data.length; start += pieceLength)
      encoded += encode(data.slice(start, start + pieceLength));
    return encoded + encode(data.slice(start));
  });
}

/** Converts the argument here, so that an error of its `toString` is passed on unchanged. */
function takeText(name: string, args: readonly unknown[]): [data: string] {
  if (args.length === 0) throw new TypeError(`${name} takes a text`);
  return [domString(args[0])];
}

function withCharacterError(name: string, reason: string, convert: () => string): string {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new DOMException(`${name}: ${reason}`, "InvalidCharacterError");
  }
}
