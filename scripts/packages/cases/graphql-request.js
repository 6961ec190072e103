import { GraphQLClient, gql } from "graphql-request";
export async function run(_ctx, { origin }) {
  return await new GraphQLClient(`${origin}/graphql`).request(
    gql`
      query Q($n: Int) {
        viewer {
          login
        }
      }
    `,
    { n: 1 },
  );
}
