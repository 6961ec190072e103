import "reflect-metadata";
import { Container, inject, injectable } from "inversify";
class Engine {
  name = "v8";
}
class Car {
  constructor(engine) {
    this.engine = engine;
  }
}
injectable()(Engine);
injectable()(Car);
inject("Engine")(Car, undefined, 0);
export function run() {
  const container = new Container();
  container.bind("Engine").to(Engine);
  container.bind("Car").to(Car);
  return container.get("Car").engine.name;
}
