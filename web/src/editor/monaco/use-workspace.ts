import { useEffect, useLayoutEffect, useState } from "react";
import type { DraftSaver } from "../../drafts/draft-saver.ts";
import { changeFile, type Draft } from "../../drafts/draft.ts";
import { setUpMonaco } from "./set-up.ts";
import { usePackageFiles } from "./use-package-files.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

/** The models of a draft's files. Edits are passed to the saver. */
export function useWorkspace(saver: DraftSaver, draft: Draft, openPath: string): Workspace {
  const [workspace] = useState(() => {
    setUpMonaco();
    return createWorkspace((path, text) => saver.edit(changeFile(saver.snapshot().draft, path, text)));
  });
  const packageFiles = usePackageFiles(draft.packageLock);
  // Runs before the effects of the editors, which need their models.
  useLayoutEffect(
    () => workspace.show(draft, openPath, packageFiles),
    [workspace, draft, openPath, packageFiles],
  );
  useEffect(() => () => workspace[Symbol.dispose](), [workspace]);
  return workspace;
}
