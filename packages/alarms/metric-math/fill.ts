import { invalidMath } from "./invalid-math";
import { isList, mapSeries, type Series, type Value } from "./value";

/** What FILL puts where values are missing. */
export type Filler = Value | "REPEAT" | "LINEAR";

export function fill(value: Value, filler: Filler): Value {
  if (filler === "REPEAT") return mapSeries(value, repeat);
  if (filler === "LINEAR") return mapSeries(value, interpolate);
  if (isList(filler)) {
    throw invalidMath("FILL fills with a number, a time series, REPEAT or LINEAR");
  }
  const filling = (index: number) => (typeof filler === "number" ? filler : filler.points[index]);
  return mapSeries(value, ({ points }) => ({
    points: points.map((point, index) => point ?? filling(index)),
  }));
}

/** The last value before the missing ones. There is none at the beginning. */
function repeat({ points }: Series): Series {
  let last: number | undefined;
  return {
    points: points.map((point) => {
      last = point ?? last;
      return last;
    }),
  };
}

/** Values on the line between the known ones on either side. There is none at the beginning and at the end. */
function interpolate({ points }: Series): Series {
  return {
    points: points.map((point, index) => {
      if (point !== undefined) return point;
      const before = points.findLastIndex((other, at) => at < index && other !== undefined);
      const after = points.findIndex((other, at) => at > index && other !== undefined);
      const [from, to] = [points[before], points[after]];
      if (from === undefined || to === undefined) return undefined;
      return from + ((to - from) * (index - before)) / (after - before);
    }),
  };
}
