import { initializeApp } from "firebase/app";
import { doc, getDoc, getFirestore } from "firebase/firestore/lite";
export async function run() {
  const app = initializeApp({ projectId: "p", apiKey: "k" });
  const reference = doc(getFirestore(app), "c", "d");
  return [app.options.projectId, reference.path, typeof getDoc];
}
