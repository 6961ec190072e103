/** In place of the files of a draft that is a WebAssembly module. */
export function ModulePane({ entry }: { readonly entry: string }) {
  return (
    <section className="code-area module-pane" aria-label={entry}>
      <h2>WebAssembly module</h2>
      <p>The source of {entry} cannot be shown.</p>
      <p>
        Preview it with <code>npx duranium dev {entry}</code>, and deploy a new version with{" "}
        <code>npx duranium deploy {entry}</code>.
      </p>
    </section>
  );
}
