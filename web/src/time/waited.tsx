import { Moment } from "./moment.tsx";

const withTime = /^(.*?) ?(until|at) (\d{4}-\d\d-\d\dT[\d:.]+Z)$/;

/** Something that is waited for, with its time in the zone and form of all other times. */
export function Waited({ text }: { readonly text: string }) {
  const [, what, word, time] = withTime.exec(text) ?? [];
  if (time === undefined) return text;
  return (
    <>
      {what} {word} <Moment at={time} />
    </>
  );
}
