/** `node:path`: the posix one, as on the servers that packages are made for. */
import path from "path-browserify";

export default Object.assign(path, { toNamespacedPath: (value: unknown) => value, win32: path });
