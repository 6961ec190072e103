import { Client, Environment, OrdersController } from "@paypal/paypal-server-sdk";
export function run() {
  const client = new Client({
    clientCredentialsAuthCredentials: { oAuthClientId: "a", oAuthClientSecret: "b" },
    environment: Environment.Sandbox,
  });
  return typeof new OrdersController(client).createOrder;
}
