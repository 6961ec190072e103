import mark from "../styles/mark.svg";

/** The logo of Duranium. */
export function Logo({ size = 22 }: { readonly size?: number }) {
  return <img src={mark} alt="" width={size} height={size} />;
}
