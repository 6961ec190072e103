import { ZipArchive } from "archiver";
export async function run() {
  return typeof ZipArchive;
}
