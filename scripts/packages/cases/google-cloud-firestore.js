import { Firestore, Timestamp } from "@google-cloud/firestore";
export function run() {
  return [Timestamp.fromMillis(1500).seconds, typeof Firestore];
}
