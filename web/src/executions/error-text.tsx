/** An error in one line; all of it when one points at it. */
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
