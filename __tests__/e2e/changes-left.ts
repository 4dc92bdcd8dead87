/**
 * The addresses that a plan would change.
 * @param plan Terraform's output, without colours
 */
export function changesLeft(plan: string): readonly string[] {
  const addresses = [...plan.matchAll(/^ +# (\S+) .*(?:will|must) be/gm)].map(([, address]) => `${address}`);
  // The emulator says of an integration that answers by itself that it calls something with POST.
  return addresses.filter((address) => !/_integration\.api_preflight-/.test(address));
}
