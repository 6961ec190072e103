import { MongoClient, ObjectId } from "mongodb";
export function run() {
  return [new ObjectId("507f1f77bcf86cd799439011").toHexString(), typeof MongoClient];
}
