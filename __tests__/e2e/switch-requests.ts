import type { Environment } from "../../stacks/environments";
import { ofAccount, type RequestToSign, type Signer, signedFetch } from "./signed-fetch";

const stranger = "999988887777";
const json = { "content-type": "application/json" };

/**
 * Sends the requests that an environment's switches decide about.
 * @param url of the stage
 * @returns by request, what came back and what AWS returns, as `<status> <allowed origin>`
 */
export async function switchRequests(
  { authorization, region, allowedOrigin, trustedAccountIds = [] }: Environment,
  url: string,
): Promise<Readonly<Record<string, { readonly actual: string; readonly expected: string }>>> {
  const open = authorization.type === "NONE";
  const refused = authorization.type === "COGNITO_USER_POOLS" ? 401 : 403;
  // A token of a user pool cannot be had on the laptop.
  const signed = authorization.type === "COGNITO_USER_POOLS" ? refused : 404;
  const item = `${url}/items/nobody`;
  const big = JSON.stringify({ id: `big-${Date.now()}`, data: { text: "x".repeat(9_000) } });
  const own = allowedOrigin === "*" ? "https://anywhere.example.com" : (allowedOrigin ?? "https://a.example");
  const preflight = { origin: own, "access-control-request-method": "GET" };

  const requests: Readonly<
    Record<string, readonly [status: number, url: string, request: RequestToSign, signer: Signer | undefined]>
  > = {
    "a signed request": [signed, item, {}, {}],
    "an anonymous request": [open ? 404 : refused, item, {}, undefined],
    "a preflight": [allowedOrigin ? 204 : 403, item, { method: "OPTIONS", headers: preflight }, undefined],
    "an account that nobody trusts": [
      authorization.type === "AWS_IAM" ? 403 : signed,
      item,
      {},
      ofAccount(stranger),
    ],
    "a body of 9 KB": [
      signed === 404 ? 201 : refused,
      `${url}/items`,
      { method: "POST", headers: json, body: big },
      {},
    ],
    ...Object.fromEntries(
      trustedAccountIds.map((id) => [`trusted account ${id}`, [signed, item, {}, ofAccount(id)]]),
    ),
  };
  const found = await Promise.all(
    Object.entries(requests).map(async ([name, [expected, target, request, signer]]) => {
      const { status, headers } = await (signer
        ? signedFetch(target, request, { ...signer, region })
        : fetch(target, request));
      const origin = headers.get("access-control-allow-origin") ?? "none";
      return [name, { actual: `${status} ${origin}`, expected: `${expected} ${allowedOrigin ?? "none"}` }];
    }),
  );
  return Object.fromEntries(found);
}
