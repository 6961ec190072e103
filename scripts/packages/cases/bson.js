import { deserialize, ObjectId, serialize } from "bson";
export function run() {
  const bytes = serialize({ _id: new ObjectId("507f1f77bcf86cd799439011"), a: 1.5, b: new Date(0) });
  const value = deserialize(bytes);
  return [bytes.length, value._id.toHexString(), value.b.toISOString()];
}
