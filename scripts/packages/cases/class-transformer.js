import "reflect-metadata";
import { Type, instanceToPlain, plainToInstance } from "class-transformer";
class Photo {
  get kind() {
    return "photo";
  }
}
class Album {}
Type(() => Photo)(Album.prototype, "photos");
export function run() {
  const album = plainToInstance(Album, { name: "A", photos: [{ id: 1 }] });
  return [album.photos[0].kind, instanceToPlain(album)];
}
