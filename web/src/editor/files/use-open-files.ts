import { useState } from "react";
import { useToast } from "../../components/toast.tsx";
import type { Draft } from "../../drafts/draft.ts";
import type { Place } from "../monaco/code-editor.tsx";
import { isLibrary } from "../../model/package-files.ts";

/** Up to this number, all files are open at first; of more, the entry file. */
const maxOpenAtFirst = 8;

/** The open files, the one that is edited, and the place to navigate to. */
export function useOpenFiles(draft: Draft) {
  const [chosen, choose] = useState(draft.entry);
  const [opened, setOpened] = useState(() => openAtFirst(draft));
  const [goTo, setGoTo] = useState<Place>();
  const toast = useToast();
  // A file may have been deleted, or be missing in a draft of another client.
  const path = Object.hasOwn(draft.files, chosen) ? chosen : draft.entry;
  const existing = opened.filter((each) => Object.hasOwn(draft.files, each));
  const open = existing.includes(path) ? existing : [...existing, path];
  const onOpen = (next: string) => {
    choose(next);
    setOpened(open.includes(next) ? open : [...open, next]);
  };
  return {
    path,
    open,
    goTo,
    onOpen,
    onClose: (closed: string) => {
      const place = open.indexOf(closed);
      const rest = open.filter((each) => each !== closed);
      setOpened(rest);
      if (closed === path) choose(rest[Math.min(place, rest.length - 1)] ?? draft.entry);
    },
    /** Keeps the place of the tab. */
    onRename: (from: string, to: string) => {
      setOpened(open.map((each) => (each === from ? to : each)));
      if (from === path) choose(to);
    },
    onGo: (place: Place) => {
      if (!Object.hasOwn(draft.files, place.path)) {
        toast.error(new Error(`File ${place.path} not found in the draft`));
        return;
      }
      onOpen(place.path);
      setGoTo(place);
    },
  };
}

export type OpenFiles = ReturnType<typeof useOpenFiles>;

function openAtFirst({ files, entry }: Draft): readonly string[] {
  const own = Object.keys(files).filter((path) => !isLibrary(path) && !path.startsWith("tests/"));
  const others = own.filter((path) => path !== entry).toSorted();
  return own.length <= maxOpenAtFirst ? [entry, ...others] : [entry];
}
