import CryptoJS from "crypto-js";
export function run() {
  return [
    CryptoJS.HmacSHA256("m", "k").toString(),
    CryptoJS.AES.decrypt(CryptoJS.AES.encrypt("text", "pw").toString(), "pw").toString(CryptoJS.enc.Utf8),
    CryptoJS.MD5("a").toString(),
  ];
}
