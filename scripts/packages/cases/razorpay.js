import Razorpay from "razorpay";
export async function run() {
  return Razorpay.validateWebhookSignature(
    "body",
    "b21c2c2bd2c0d24c9ea3bd1ee1cdb0eb1a0d8d0a8e2f0a0c4a4cf8c2a8f0d2f0",
    "secret",
  );
}
