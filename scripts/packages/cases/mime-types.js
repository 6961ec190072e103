import mime from "mime-types";
export function run() {
  return [mime.lookup("a/b.json"), mime.contentType("x.html"), mime.extension("image/png")];
}
