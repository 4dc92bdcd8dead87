/**
 * Looks again and again until there is something: neither undefined, nor false, nor an empty list.
 * @throws Error that says what did not come in time
 */
export async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | false | undefined>,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found && !(Array.isArray(found) && found.length === 0)) return found;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
