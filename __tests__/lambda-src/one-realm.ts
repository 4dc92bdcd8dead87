import { types } from "node:util";

/**
 * Makes errors from Node's core instances of `Error` in this test file, as they are on Lambda. Jest runs each
 * file in a realm of its own, where the SDK takes a refused connection for something that is no error.
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
