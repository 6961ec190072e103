import { area, distance, point, polygon } from "@turf/turf";
export function run() {
  return [
    distance(point([13.4, 52.5]), point([2.35, 48.86])).toFixed(3),
    area(
      polygon([
        [
          [0, 0],
          [0, 1],
          [1, 1],
          [1, 0],
          [0, 0],
        ],
      ]),
    ).toFixed(0),
  ];
}
