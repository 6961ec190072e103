/** The length of esbuild's WebAssembly, of the version that is installed: servers compress it, and browsers do not tell. */
export const compilerBytes = 13_978_850;
