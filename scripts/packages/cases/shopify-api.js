import "@shopify/shopify-api/adapters/web-api";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
export async function run() {
  const shopify = shopifyApi({
    apiKey: "k",
    apiSecretKey: "s",
    scopes: ["read_products"],
    hostName: "app.test",
    apiVersion: ApiVersion.October25 ?? ApiVersion.July25,
    isEmbeddedApp: false,
  });
  return [shopify.utils.sanitizeShop("shop.myshopify.com"), shopify.auth.nonce().length];
}
