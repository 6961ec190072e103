/** The size of the installed esbuild's WebAssembly. Responses are compressed, so browsers do not report it. */
export const compilerBytes = 13_978_850;
