import mailchimp from "@mailchimp/mailchimp_marketing";
export async function run(_ctx, { origin }) {
  mailchimp.setConfig({ apiKey: "k-us1", server: "us1" });
  mailchimp.ApiClient?.instance;
  return [typeof mailchimp.lists.addListMember, typeof mailchimp.ping.get, origin.length > 0];
}
