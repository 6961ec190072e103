import * as yup from "yup";
export async function run() {
  const schema = yup.object({ name: yup.string().required(), age: yup.number().positive().integer() });
  return [
    await schema.validate({ name: "A", age: "3" }),
    await schema.validate({ age: -1 }, { abortEarly: false }).catch(({ errors }) => errors),
  ];
}
