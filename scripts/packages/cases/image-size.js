import { imageSize } from "image-size";
export function run() {
  return imageSize(Buffer.from("R0lGODlhAgADAIAAAAAAAP///yH5BAAAAAAALAAAAAACAAMAAAICBAoAOw==", "base64"));
}
