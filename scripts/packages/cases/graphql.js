import { buildSchema, graphql } from "graphql";
export async function run() {
  const schema = buildSchema("type Query { hello(name: String!): String }");
  return await graphql({
    schema,
    source: '{ hello(name: "x") }',
    rootValue: { hello: ({ name }) => `Hi ${name}` },
  });
}
