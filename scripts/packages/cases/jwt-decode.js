import { jwtDecode } from "jwt-decode";
export function run() {
  return jwtDecode("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.x");
}
