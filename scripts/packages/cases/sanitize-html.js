import sanitize from "sanitize-html";
export function run() {
  return sanitize('<p onclick="x()">a<script>1</script><a href="javascript:1">b</a></p>');
}
