import { createClientAsync } from "soap";
export async function run() {
  return typeof createClientAsync;
}
