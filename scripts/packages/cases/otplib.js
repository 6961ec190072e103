import { generateSync, verifySync } from "otplib";
export function run() {
  const token = generateSync({ secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", epoch: 59 });
  return [token, verifySync({ secret: "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", token, epoch: 59 }).valid];
}
