import { Moment } from "./moment.tsx";

const withTime = /^(.*?) ?(until|at) (\d{4}-\d\d-\d\dT[\d:.]+Z)$/;

/** A description of an awaited input, with its time in the user's time zone. */
export function Waited({ text }: { readonly text: string }) {
  const [, what, word, time] = withTime.exec(text) ?? [];
  if (time === undefined) return text;
  return (
    <>
      {what} {word} <Moment at={time} />
    </>
  );
}
