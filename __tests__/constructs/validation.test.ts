import { Lazy, Token } from "cdktf";
import { Construct } from "constructs";
import { InvalidPropsError } from "../../constructs/invalid-props-error";
import { validateProps } from "../../constructs/validation";

const construct = () => new Construct(new Construct(new Construct(undefined as never, ""), "stack"), "queue");

describe("validateProps", () => {
  it.each([1, 5, 10])("accepts %d if 1 to 10 is allowed", (value) => {
    const validate = () => validateProps(construct(), { count: { value, minimum: 1, maximum: 10 } });

    expect(validate).not.toThrow();
  });

  it.each([0, 11, -1, 1e21])("refuses %d if 1 to 10 is allowed, with path, prop, rule and value", (value) => {
    const validate = () => validateProps(construct(), { count: { value, minimum: 1, maximum: 10 } });

    expect(validate).toThrow(new Error(`stack/queue: count must be between 1 and 10, got ${value}`));
  });

  it.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])(
    "refuses %d because it is not a whole number",
    (value) => {
      const validate = () => validateProps(construct(), { count: { value, minimum: 1, maximum: 10 } });

      expect(validate).toThrow(
        new Error(`stack/queue: count must be a whole number between 1 and 10, got ${value}`),
      );
    },
  );

  it("reports every problem at once, one per line", () => {
    const validate = () =>
      validateProps(construct(), {
        count: { value: 0, minimum: 1, maximum: 10 },
        fine: { value: 1, minimum: 1, maximum: 10 },
        seconds: { value: 901, minimum: 1, maximum: 900 },
      });

    expect(validate).toThrow(
      new Error(
        "stack/queue: count must be between 1 and 10, got 0\nstack/queue: seconds must be between 1 and 900, got 901",
      ),
    );
  });

  it("accepts a value that only Terraform knows", () => {
    const later = Token.asNumber(Lazy.numberValue({ produce: () => 99 }));

    const validate = () => validateProps(construct(), { count: { value: later, minimum: 1, maximum: 10 } });

    expect(validate).not.toThrow();
  });

  it("throws an error that is shown to the user without a stack trace", () => {
    const error = new InvalidPropsError(["a problem"]);

    expect(error).toMatchObject({ name: "InvalidPropsError", message: "a problem", forUser: true });
  });
});
