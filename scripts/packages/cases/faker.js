import { faker } from "@faker-js/faker";
export function run() {
  faker.seed(1);
  return [faker.person.fullName(), faker.internet.email(), faker.number.int(100)];
}
