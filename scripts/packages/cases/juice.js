import juice from "juice";
export function run() {
  return juice("<style>p { color: red }</style><p>Hello</p>");
}
