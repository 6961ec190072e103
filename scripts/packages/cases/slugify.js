import slugify from "slugify";
export function run() {
  return slugify("Ärger & Straße: Größe!", { lower: true, strict: true, locale: "de" });
}
