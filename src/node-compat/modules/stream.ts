/**
 * `node:stream`: Node's own streams, as `readable-stream` publishes them. The module is the class `Stream`, which
 * older streams call as their constructor; the package itself is `Readable`.
 */
import stream from "readable-stream/lib/stream.js";

export default Object.assign(stream, {
  getDefaultHighWaterMark: (objectMode: boolean) => (objectMode ? 16 : 65_536),
  setDefaultHighWaterMark: () => undefined,
});
