import * as openpgp from "openpgp";
export async function run() {
  const message = await openpgp.createMessage({ text: "text" });
  const encrypted = await openpgp.encrypt({ message, passwords: ["secret"] });
  const { data } = await openpgp.decrypt({
    message: await openpgp.readMessage({ armoredMessage: encrypted }),
    passwords: ["secret"],
  });
  return data;
}
