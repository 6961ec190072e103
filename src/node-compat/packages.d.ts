/** Types of packages that come without any, limited to the parts that are used here. */
declare module "readable-stream/lib/stream.js" {
  import stream from "node:stream";
  export default stream;
}
declare module "string_decoder/" {
  export { StringDecoder } from "node:string_decoder";
}
declare module "events/" {
  import { EventEmitter } from "node:events";
  export default EventEmitter;
}
declare module "assert/" {
  import assert from "node:assert";
  export default assert;
}
declare module "browserify-zlib" {
  import zlib from "node:zlib";
  export default zlib;
}
declare module "buffer/" {
  export { Buffer, INSPECT_MAX_BYTES, kMaxLength } from "node:buffer";
}
declare module "assert/build/internal/util/comparisons" {
  export { isDeepStrictEqual } from "node:util";
}
