/**
 * Calls a function until it returns something other than undefined, false or an empty list.
 * @param what a description for the error
 * @throws Error if nothing is found in time
 */
export async function until<T>(
  what: string,
  seconds: number,
  find: () => Promise<T | false | undefined>,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await find();
    if (found && !(Array.isArray(found) && found.length === 0)) return found;
    if (Date.now() > deadline) throw new Error(`timed out after ${seconds} s, waiting for this: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
