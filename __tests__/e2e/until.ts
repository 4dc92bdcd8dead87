/**
 * Calls a function until it finds something, which means neither undefined, nor false, nor an empty list.
 * @param what describes what is awaited, for the error
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
