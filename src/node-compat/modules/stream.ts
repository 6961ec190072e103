/**
 * `node:stream`: Node's own streams, as published in `readable-stream`. The module itself is the class `Stream`,
 * which older streams call as their constructor. The export of the package is `Readable`.
 */
import stream from "readable-stream/lib/stream.js";

export default Object.assign(stream, {
  getDefaultHighWaterMark: (objectMode: boolean) => (objectMode ? 16 : 65_536),
  setDefaultHighWaterMark: () => undefined,
});
