import { types } from "node:util";

/**
 * Makes errors from Node's core instances of `Error` in this test file, as they are on Lambda. Jest runs each
 * file in its own realm, where the SDK does not recognize a refused connection as an error.
 */
export const oneRealm = (): void => {
  Object.defineProperty(Error, Symbol.hasInstance, {
    value(this: unknown, value: unknown) {
      return (
        (this === Error && types.isNativeError(value)) ||
        Function.prototype[Symbol.hasInstance].call(this as () => void, value)
      );
    },
  });
};
