type Addresses = Readonly<Record<string, readonly string[]>>;

/** @returns the addresses that were in a list of logical ids and no longer are */
export function lostAddresses(
  before: string,
  after: string,
): readonly { readonly stack: string; readonly address: string }[] {
  const remaining: Addresses = JSON.parse(after);
  return Object.entries<readonly string[]>(JSON.parse(before)).flatMap(([stack, addresses]) =>
    addresses
      .filter((address) => !remaining[stack]?.includes(address))
      .map((address) => ({ stack, address })),
  );
}
