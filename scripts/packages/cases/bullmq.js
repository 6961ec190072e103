import { Queue } from "bullmq";
export function run() {
  return typeof Queue;
}
