import { gunzipSync, gzipSync, strFromU8, strToU8, unzipSync, zipSync } from "fflate";
export function run() {
  return [
    strFromU8(gunzipSync(gzipSync(strToU8("hello")))),
    Object.keys(unzipSync(zipSync({ "a.txt": strToU8("x") }))),
  ];
}
