/**
 * The parts of Monaco in use, in one chunk that is loaded with the first editor: TypeScript, Python, JSON, and all features, because some depend on others implicitly.
 */
/* oxlint-disable import/default, import/no-named-as-default -- Vite makes a constructor of what is imported with `?worker` */
import EditorWorker from "monaco-editor/editor/editor.worker?worker";
import JsonWorker from "monaco-editor/languages/features/json/json.worker?worker";
import TypeScriptWorker from "monaco-editor/languages/features/typescript/ts.worker?worker";
import "monaco-editor/features/register.all";
import "monaco-editor/languages/definitions/javascript/register";
import "monaco-editor/languages/definitions/python/register";
import "monaco-editor/languages/definitions/typescript/register";
import "monaco-editor/languages/features/json/register";

export { editor, KeyCode, languages, MarkerSeverity, MarkerTag, Uri } from "monaco-editor/editor";
export type { IDisposable } from "monaco-editor/editor";
export { jsonDefaults } from "monaco-editor/languages/features/json/register";
export * as typescript from "monaco-editor/languages/features/typescript/register";

/** Workers are files of this origin, because the content security policy allows neither `blob:` nor `eval`. */
globalThis.MonacoEnvironment = {
  getWorker(_moduleId, label) {
    if (label === "typescript" || label === "javascript") return new TypeScriptWorker();
    return label === "json" ? new JsonWorker() : new EditorWorker();
  },
};
