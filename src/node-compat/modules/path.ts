/** `node:path`: the posix one, as on the servers that packages are made for. */
import path from "@file-services/path";

export default path;
