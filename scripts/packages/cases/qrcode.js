import QRCode from "qrcode";
export async function run() {
  return [
    await QRCode.toString("https://a.test", { type: "svg" }),
    (await QRCode.toDataURL("a")).slice(0, 30),
  ];
}
