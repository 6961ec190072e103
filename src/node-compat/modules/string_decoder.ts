import { StringDecoder } from "string_decoder/";

export { StringDecoder };
