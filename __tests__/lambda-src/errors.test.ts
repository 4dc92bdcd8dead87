import * as httpErrors from "../../lambda-src/api/http-errors";
import * as itemErrors from "../../lambda-src/items/item-errors";
import { MissingEnvironmentError } from "../../lambda-src/runtime/environment";
import { UnexpectedEventError } from "../../lambda-src/runtime/unexpected-event-error";
import { UnreadableRecordError } from "../../lambda-src/stream/item-change";

const { HttpError: _, ...ofTheApi } = httpErrors;
const { ItemError: __, ...ofItems } = itemErrors;

describe("an error", () => {
  it.each(
    Object.entries({
      ...ofTheApi,
      ...ofItems,
      MissingEnvironmentError,
      UnexpectedEventError,
      UnreadableRecordError,
    }),
  )(
    "keeps its name when its class is minified: %s",
    (name, Constructor: new (...values: never[]) => Error) => {
      const error = new Constructor(...([[], []] as never[]));

      expect(error.name).toBe(name);
    },
  );
});
