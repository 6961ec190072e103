import { Jimp } from "jimp";
export async function run() {
  const image = new Jimp({ width: 4, height: 4, color: 0xff0000ff });
  const bytes = await image.resize({ w: 2, h: 2 }).getBuffer("image/png");
  const read = await Jimp.read(bytes);
  return [read.width, read.getPixelColor(0, 0)];
}
