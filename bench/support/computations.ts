/** The computations of the benches, as JavaScript: all contenders get the same text. */

/** A computation whose result is a number. */
export interface Computation {
  readonly what: string;
  /** Creates the input of `compute`; not measured. */
  readonly setup: string;
  /** Defines `compute`, whose result is a number. */
  readonly compute: string;
}

const random = `let seed = 12345; const random = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;`;

export const computations: readonly Computation[] = [
  {
    what: "fib(27)",
    setup: "const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));",
    compute: "const compute = () => fib(27);",
  },
  {
    what: "JSON of 1 MB, parsed and serialized",
    setup: `${random}
      const item = (id) => ({ id, name: "item " + id, price: random() * 100, tags: ["a", "b", "c"], stock: { here: id, there: null } });
      const text = JSON.stringify(Array.from({ length: 9_500 }, (_, id) => item(id)));`,
    compute: "const compute = () => JSON.stringify(JSON.parse(text)).length;",
  },
  {
    what: "100,000 numbers sorted by a comparison",
    setup: `${random} const numbers = Array.from({ length: 100_000 }, random);`,
    compute: "const compute = () => Math.floor(numbers.slice().sort((a, b) => a - b)[50_000] * 1_000_000);",
  },
  {
    what: "a pattern over 200 KB",
    setup: `${random}
      const word = () => Math.floor(random() * 1e9).toString(36);
      const text = Array.from({ length: 20_000 }, (_, at) => (at % 10 === 0 ? word() + "@" + word() + ".com" : word())).join(" ");`,
    compute: String.raw`const compute = () => Array.from(text.matchAll(/([\w.]+)@(\w+)\.com/g), ([, name]) => name.length).reduce((a, b) => a + b);`,
  },
  {
    what: "a text of 200,000 pieces",
    setup: "",
    compute: `const compute = () => {
      let text = "";
      for (let at = 0; at < 200_000; at++) text += "line " + at + "\\n";
      return text.length + text.toUpperCase().indexOf("LINE 199999");
    };`,
  },
];
