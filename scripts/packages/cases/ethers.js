import { formatEther, id, Interface, Wallet } from "ethers";
export async function run() {
  const wallet = new Wallet("0x" + "01".repeat(32));
  return [
    wallet.address,
    id("Transfer(address,address,uint256)"),
    formatEther(10n ** 17n),
    await wallet.signMessage("a"),
    new Interface(["function f(uint256)"]).encodeFunctionData("f", [1]),
  ];
}
