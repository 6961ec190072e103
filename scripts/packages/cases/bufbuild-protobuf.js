import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { TimestampSchema, timestampFromMs } from "@bufbuild/protobuf/wkt";
export function run() {
  const bytes = toBinary(TimestampSchema, timestampFromMs(1500));
  return [[...bytes], fromBinary(TimestampSchema, bytes).nanos, create(TimestampSchema).nanos];
}
