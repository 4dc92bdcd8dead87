import { MissingEnvironmentError } from "../../../lambda-src/runtime/environment";
import * as errors from "../../../lambda-src/runtime/errors";

describe("an error", () => {
  it.each(Object.entries({ ...errors, MissingEnvironmentError }))(
    "says its name, which minifying takes from its class: %s",
    (name, Constructor: new (...values: never[]) => Error) => {
      const error = new Constructor(...([[], []] as never[]));

      expect(error.name).toBe(name);
    },
  );
});
