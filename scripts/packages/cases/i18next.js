import i18next from "i18next";
export async function run() {
  const instance = i18next.createInstance();
  await instance.init({
    lng: "de",
    resources: { de: { translation: { hi: "Hallo {{name}}", n_one: "eins", n_other: "{{count}} viele" } } },
  });
  return [instance.t("hi", { name: "A" }), instance.t("n", { count: 2 })];
}
