import ssh2 from "ssh2";
export function run() {
  return typeof ssh2.Client;
}
