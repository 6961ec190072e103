export function optionalTime<Name extends string>(
  name: Name,
  time: number | undefined,
): { [key in Name]?: string } {
  return optional(name, time === undefined ? undefined : isoTime(time));
}

/** `{name: value}`, or an empty object to spread if the value is missing. */
export function optional<Name extends string, T>(name: Name, value: T | undefined): { [key in Name]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: T });
}

export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
