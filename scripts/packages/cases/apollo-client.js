import { ApolloClient, HttpLink, InMemoryCache, gql } from "@apollo/client/core";
export async function run(_ctx, { origin }) {
  const client = new ApolloClient({
    link: new HttpLink({ uri: `${origin}/graphql` }),
    cache: new InMemoryCache(),
  });
  const { data } = await client.query({
    query: gql`
      {
        viewer {
          login
        }
      }
    `,
  });
  return data;
}
