import { createSocket, type Socket } from "node:dgram";
import { randomText } from "./random-text";

/** One call from a function to an AWS service, as an X-Ray subsegment describes it. */
export interface TracedCall {
  /** The service's name in X-Ray's service map: `DynamoDB`, `Events`. */
  readonly service: string;
  readonly operation: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Further details that X-Ray shows for the call, such as `table_name` and `request_id`. */
  readonly details: Readonly<Record<string, string | number | undefined>>;
  readonly status: number | undefined;
  readonly failure: { readonly name: string; readonly throttled: boolean } | undefined;
}

/**
 * Sends subsegments to X-Ray's daemon, which runs next to every function with active tracing: one datagram
 * per call, in the format of X-Ray's developer guide ("Sending segment documents to the X-Ray daemon"). It
 * keeps no state and never fails a call. docs/decisions/tracing.md explains why no library is used.
 */
export class Trace {
  private daemon: Promise<Socket> | undefined;
  private readonly sending = new Set<Promise<void>>();

  /**
   * @param daemonAddress `<host>:<port>`; if undefined, nothing is sent
   * @param header returns the invocation's trace header: `Root=1-…;Parent=…;Sampled=1`
   */
  constructor(
    private readonly daemonAddress: string | undefined,
    private readonly header: () => string | undefined,
  ) {}

  /** Adds a call to the invocation's trace, if X-Ray samples it. */
  add(call: TracedCall): void {
    const [, host, port] = /^(.+):(\d{1,5})$/.exec(this.daemonAddress ?? "") ?? [];
    const parent = parseTraceHeader(this.header());
    if (host === undefined || parent === undefined) return;
    const datagram = `{"format":"json","version":1}\n${JSON.stringify(subsegment(call, parent))}`;
    const sent = this.send(datagram, host, Number(port));
    this.sending.add(sent);
    void sent.then(() => this.sending.delete(sent));
  }

  /** Waits until the datagrams have left the function, because Lambda freezes the function after it has responded. */
  async flush(): Promise<void> {
    await Promise.all(this.sending);
  }

  /** An unreachable daemon must not fail a request, so its errors are dropped here. */
  private async send(datagram: string, host: string, port: number): Promise<void> {
    this.daemon ??= connect(host, port);
    const socket = await this.daemon;
    await new Promise<void>((resolve) => {
      try {
        socket.send(datagram, () => resolve());
      } catch {
        // The host name did not resolve.
        resolve();
      }
    });
  }
}

/** Resolves the address once. */
const connect = (host: string, port: number): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = createSocket("udp4").on("error", () => {});
    socket.unref().connect(port, host, () => resolve(socket));
  });

interface Parent {
  readonly traceId: string;
  readonly parentId: string;
}

const parseTraceHeader = (header: string | undefined): Parent | undefined => {
  const fields = new Map(header?.split(";").map((field) => field.split("=", 2) as [string, string]));
  const [traceId, parentId] = [fields.get("Root"), fields.get("Parent")];
  return traceId && parentId && fields.get("Sampled") === "1" ? { traceId, parentId } : undefined;
};

const subsegment = (call: TracedCall, { traceId, parentId }: Parent) => ({
  type: "subsegment",
  id: randomText(8, "hex"),
  trace_id: traceId,
  parent_id: parentId,
  name: call.service,
  namespace: "aws",
  start_time: call.startedAt / 1_000,
  end_time: call.endedAt / 1_000,
  aws: { operation: call.operation, ...call.details },
  ...(call.status === undefined ? {} : { http: { response: { status: call.status } } }),
  ...(call.failure === undefined ? {} : failed(call.failure, call.status)),
});

/** X-Ray's terms: an error is the caller's (4xx), a fault is the service's or the network's. */
const failed = ({ name, throttled }: { name: string; throttled: boolean }, status = 500) => ({
  ...(status >= 400 && status < 500 ? { error: true } : { fault: true }),
  ...(throttled ? { throttle: true } : {}),
  cause: { exceptions: [{ id: randomText(8, "hex"), type: name }] },
});
