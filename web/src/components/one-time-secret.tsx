import { CopyButton } from "./copy-button.tsx";
import { Dialog } from "./dialog.tsx";

/** A secret that is shown only once. */
export function OneTimeSecret({
  title,
  secret,
  children,
  onClose,
}: {
  readonly title: string;
  readonly secret: string;
  readonly children: React.ReactNode;
  readonly onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div>{children}</div>
      <div className="shown-once">
        <code>{secret}</code>
        <CopyButton text={() => secret} what={title.toLowerCase()} />
      </div>
    </Dialog>
  );
}
