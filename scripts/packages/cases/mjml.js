import mjml2html from "mjml";
export async function run() {
  const { html } = await mjml2html(
    "<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section></mj-body></mjml>",
  );
  return html.includes("Hi");
}
