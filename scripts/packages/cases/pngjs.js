import { PNG } from "pngjs";
export function run() {
  const image = new PNG({ width: 2, height: 1 });
  image.data.set([255, 0, 0, 255, 0, 0, 255, 255]);
  return [...PNG.sync.read(PNG.sync.write(image)).data];
}
