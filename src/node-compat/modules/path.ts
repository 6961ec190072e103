/** `node:path` in its POSIX variant, which packages for servers expect. */
import path from "@file-services/path";

export default path;
