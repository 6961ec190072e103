/** An error on one line, with the full text as a tooltip. */
export function ErrorText({
  error: { name, message },
}: {
  readonly error: { readonly name: string; readonly message: string };
}) {
  const text = message === "" ? name : `${name}: ${message}`;
  return (
    <span className="execution-error" title={text}>
      {text}
    </span>
  );
}
