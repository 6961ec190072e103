import nlp from "compromise";
export function run() {
  return [
    nlp("She sells seashells").verbs().toPastTense().all().text(),
    nlp("Ada met Bob in London").places().out("array"),
  ];
}
