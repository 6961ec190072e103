import { cert, initializeApp } from "firebase-admin/app";
export function run() {
  return [typeof cert, initializeApp({ projectId: "p" }).name];
}
