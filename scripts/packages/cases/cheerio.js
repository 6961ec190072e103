import * as cheerio from "cheerio";
export function run() {
  const $ = cheerio.load("<ul><li class=x>Ä</li><li>B</li></ul>");
  $("li.x").text("changed").attr("data-a", "1");
  return [
    $("li")
      .map((_, li) => $(li).text())
      .get(),
    $.html(),
  ];
}
