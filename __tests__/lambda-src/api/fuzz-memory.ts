import type { ApiResponse } from "../../../lambda-src/api/api-response";
import type { OperationId } from "../../../lambda-src/api/operations";
import { type Call, json } from "./api";

/** How many of each kind are kept. */
const KEPT = 50;

export interface KnownItem {
  readonly path: Readonly<Record<"id" | "timestamp", string>>;
  /** With its quotes. */
  readonly etag: string;
}

/** What earlier responses said, so that later requests can meet it. */
export class FuzzMemory {
  private items: readonly KnownItem[] = [];
  /** Requests for the page that follows one that was listed. */
  private nextPages: readonly Call[] = [];
  /** Requests with an Idempotency-Key that succeeded. */
  private keyed: readonly Call[] = [];

  /** The three return `undefined` as long as there is nothing to remember. @param choice any integer from 0 */
  item(choice: number): KnownItem | undefined {
    return this.items[choice % this.items.length];
  }

  nextPage(choice: number): Call | undefined {
    return this.nextPages[choice % this.nextPages.length];
  }

  keyedRequest(choice: number): Call | undefined {
    return this.keyed[choice % this.keyed.length];
  }

  learn(id: OperationId, call: Call, response: ApiResponse): void {
    const { statusCode, headers } = response;
    if (statusCode === 404 || statusCode === 204) this.forget(call.path);
    if (statusCode >= 300 || statusCode === 204 || id === "getHealth") return;
    const body = json(response);
    if (id === "listItems") {
      if (body.nextCursor === undefined) return;
      this.nextPages = added(this.nextPages, { ...call, query: { ...call.query, cursor: body.nextCursor } });
      return;
    }
    const path = { id: body.id, timestamp: `${body.timestamp}` };
    this.forget(path);
    if (headers.etag !== undefined) this.items = added(this.items, { path, etag: headers.etag });
    if (id === "createItem" && call.headers?.["Idempotency-Key"] !== undefined) {
      this.keyed = added(this.keyed, call);
    }
  }

  private forget(path: Call["path"]): void {
    this.items = this.items.filter(
      (item) => item.path.id !== path?.id || item.path.timestamp !== path.timestamp,
    );
  }
}

const added = <T>(list: readonly T[], one: T): readonly T[] => [...list.slice(1 - KEPT), one];
