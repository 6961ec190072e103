/** Icons as strokes on a grid of 16. */
const paths = {
  workflow: "M2.5 3.5h4v3h-4zM9.5 9.5h4v3h-4zM4.5 6.5V11h5M6.5 5h5v4.5",
  list: "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
  gear: "M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.75v3.5M6 9.75v3.5",
  down: "m4.5 6.5 3.5 3.5 3.5-3.5",
  left: "m9.5 4.5-3.5 3.5 3.5 3.5",
  right: "m6.5 4.5 3.5 3.5-3.5 3.5",
  alert: "M8 2 14.5 13.5h-13zM8 6.5v3M8 11.5h.01",
  check: "m3 8.5 3.25 3.25L13 5",
  close: "m4 4 8 8M12 4l-8 8",
  plus: "M8 3v10M3 8h10",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5l3 3",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  external: "M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M4.5 3v10l8-5z",
  retry: "M13 3v3.5H9.5M13 6.5A5.5 5.5 0 1 0 13.4 9",
  stop: "M4 4h8v8H4z",
  trash: "M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.5 9h6l.5-9",
  key: "M6 10.5a3 3 0 1 0 0-.01M8.2 8 13 3.2M11 5.2l2 2",
  send: "M14 2 7 9M14 2l-4.5 12L7 9 2 6.5z",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.5V8l2.5 1.5",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5h.01",
  home: "M2.5 7.5 8 2.5l5.5 5M4 6.5v7h8v-7",
  queue: "M2.5 3.5h11v2.5h-11zM2.5 8.5h11M2.5 12h7",
  bell: "M3.5 11.5h9c-1-1-1.25-2-1.25-4.5a3.25 3.25 0 0 0-6.5 0c0 2.5-.25 3.5-1.25 4.5zM7 13.75h2",
  sidebar: "M2.5 3h11v10h-11zM6.5 3v10",
  up: "m4.5 9.5 3.5-3.5 3.5 3.5",
  fork: "M5 5.5v5M5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM5 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 5.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 5.5v1a2 2 0 0 1-2 2H5",
  file: "M3.5 2h6l3 3v9h-9zM9.5 2v3h3",
} as const;

export type IconName = keyof typeof paths;

/** Hidden from screen readers, because the adjacent text says the same. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      aria-hidden
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth={1.5}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
