import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import type { Check } from "./check";
import type { Deployment } from "./deployment";
import type { Answer } from "./signed-api";
import { differs, requireNoProblems, UncheckedError } from "./verdict";

/** Three items with the same id, so that the list has two pages. */
const items = [0, 1, 2] as const;

/** The life of an item, through the API. Each step needs the one before. */
export const itemChecks: readonly Check[] = [
  { name: "api/create", run: create },
  { name: "api/read", run: read },
  { name: "api/page", run: page },
  { name: "api/update", run: update },
  { name: "api/delete", run: remove },
];

interface Created {
  readonly path: string;
  readonly etag: string;
}

/** Registers an item of this run for removal when the run ends. */
export function removeItemLater(deployment: Deployment, id: string, timestamp: number): void {
  deployment.removeLater(`item ${id} ${timestamp}`, () =>
    deployment.clients.dynamoDb.send(
      new DeleteItemCommand({
        TableName: deployment.output("table-name"),
        Key: { id: { S: id }, timestamp: { N: `${timestamp}` } },
      }),
    ),
  );
}

/**
 * @param doneBefore the status that a retry returns if the first attempt took effect, although it returned 503
 * @throws CheckFailedError if the status is another one
 */
export function requireStatus(what: string, answer: Answer, status: number, doneBefore?: number): void {
  if (answer.status === status || (answer.sentAgain && answer.status === doneBefore)) return;
  const text = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
  requireNoProblems([`${what} returned ${answer.status} ${text.slice(0, 200)}, not ${status}`]);
}

function created(deployment: Deployment): Promise<readonly Created[]> {
  return deployment.once("items", async () => {
    const { run: id } = deployment;
    const first = deployment.startedAt.getTime();
    const made: Created[] = [];
    for (const number of items) {
      const timestamp = first + number;
      removeItemLater(deployment, id, timestamp);
      const item = { id, timestamp, data: { number } };
      const path = `/items/${id}/${timestamp}`;
      const answer = await deployment.api.send({ method: "POST", path: "/items", body: item });
      requireStatus("POST /items", answer, 201, 409);
      const kept = answer.status === 201 ? answer : await deployment.api.send({ path });
      const etag = kept.headers.get("etag") ?? "";
      const location = answer.headers.get("location");
      requireNoProblems([
        differs("the returned item", kept.body, item),
        etag === "" && "the response has no ETag",
        answer.status === 201 &&
          differs(
            "where Location leads",
            location === null ? undefined : new URL(location, deployment.api.urlOf("/items")).href,
            deployment.api.urlOf(path),
          ),
      ]);
      made.push({ path, etag });
    }
    return made;
  });
}

async function create(deployment: Deployment): Promise<string> {
  const made = await created(deployment);
  return `${made.length} items created`;
}

function read(deployment: Deployment): Promise<string> {
  return deployment.once("items: read", async () => {
    const [first] = await after("api/create", created(deployment));
    const answer = await deployment.api.send({ path: first?.path ?? "" });
    requireStatus("GET of an item", answer, 200);
    requireNoProblems([
      differs("the item", answer.body, {
        id: deployment.run,
        timestamp: deployment.startedAt.getTime(),
        data: { number: 0 },
      }),
      differs("its ETag", answer.headers.get("etag"), first?.etag),
    ]);
    return "returned as it was created";
  });
}

function page(deployment: Deployment): Promise<string> {
  return deployment.once("items: page", async () => {
    await after("api/create", created(deployment));
    const path = `/items/${deployment.run}?limit=2`;
    const first = await deployment.api.send({ path });
    requireStatus("the first page", first, 200);
    const { items: newest, nextCursor } = first.body as ItemPage;
    requireNoProblems([
      differs("the first page", newest?.map(numberOf), [2, 1]),
      !nextCursor && "it has no cursor",
    ]);
    const second = await deployment.api.send({ path: `${path}&cursor=${nextCursor}` });
    requireStatus("the second page", second, 200);
    const { items: rest, nextCursor: further } = second.body as ItemPage;
    requireNoProblems([
      differs("the second page", rest?.map(numberOf), [0]),
      further && "the last page has a cursor",
    ]);
    return "two pages, newest first";
  });
}

function update(deployment: Deployment): Promise<string> {
  return deployment.once("items: update", async () => {
    // The checks that read the original item must be done.
    await Promise.allSettled([read(deployment), page(deployment)]);
    const [first] = await after("api/create", created(deployment));
    const request = { method: "PUT", path: first?.path ?? "", body: { data: { updated: true } } } as const;
    const headers = { "if-match": first?.etag ?? "" };
    const answer = await deployment.api.send({ ...request, headers });
    requireStatus("PUT with If-Match", answer, 200, 412);
    const again = await deployment.api.send({ path: request.path });
    requireNoProblems([
      again.headers.get("etag") === first?.etag && "the ETag is still the old one",
      differs("the item read again", (again.body as { data?: unknown }).data, { updated: true }),
    ]);
    const stale = await deployment.api.send({ ...request, headers });
    requireStatus("PUT with the old ETag", stale, 412);
    return "replaced with the current ETag, refused with the old one";
  });
}

async function remove(deployment: Deployment): Promise<string> {
  await update(deployment).catch(() => {});
  const [first] = await after("api/create", created(deployment));
  const path = first?.path ?? "";
  const answer = await deployment.api.send({ method: "DELETE", path, headers: { "if-match": "*" } });
  requireStatus("DELETE with If-Match", answer, 204, 404);
  requireStatus("GET of the deleted item", await deployment.api.send({ path }), 404);
  return "deleted";
}

interface ItemPage {
  readonly items?: readonly { readonly data?: { readonly number?: number } }[];
  readonly nextCursor?: string;
}

function numberOf({ data }: { readonly data?: { readonly number?: number } }): number | undefined {
  return data?.number;
}

/** If the other check failed, its problem is not reported a second time. */
async function after<T>(check: string, result: Promise<T>): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    throw new UncheckedError(`it needs the items of ${check}`, { cause });
  }
}
