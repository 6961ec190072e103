/** `node:stream`: Node's own streams, as `readable-stream` publishes them. */
import stream from "readable-stream";

export default Object.assign(stream, {
  getDefaultHighWaterMark: (objectMode: boolean) => (objectMode ? 16 : 65_536),
  setDefaultHighWaterMark: () => undefined,
});
