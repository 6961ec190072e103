import { HttpsProxyAgent } from "https-proxy-agent";
export function run() {
  return new HttpsProxyAgent("http://a.test:8080").proxy.host;
}
