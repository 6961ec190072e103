/** The keyboard shortcut of a preview. */
export const runKeys = navigator.userAgent.includes("Mac") ? "⌘ Enter" : "Ctrl Enter";
