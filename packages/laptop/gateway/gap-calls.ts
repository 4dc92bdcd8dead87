import type { Answer, Call, ChangedCall, Exchange, Gap, RequestHead } from "../gaps/gap";
import type { Report } from "../gaps/shared/report";

export interface Claimants {
  readonly interceptors: readonly Gap[];
  readonly observers: readonly Gap[];
}

/** The gaps that claim a request. */
export function claimants(gaps: readonly Gap[], head: RequestHead, report: Report): Claimants {
  const claiming = gaps.filter((gap) => claims(gap, head, report));
  return {
    interceptors: claiming.filter((gap) => gap.intercept),
    observers: claiming.filter((gap) => gap.observe),
  };
}

function claims(gap: Gap, head: RequestHead, report: Report): boolean {
  try {
    return gap.claims(head);
  } catch (error) {
    void report(gap.name, error);
    return false;
  }
}

/**
 * Lets each gap intercept the call in turn. If one fails, the emulator's own answer is used. The emulator is not asked
 * twice, since the call may have changed something, unless the gap has only passed it with another method.
 */
export async function answerWithGaps(gaps: readonly Gap[], call: Call, report: Report): Promise<Answer> {
  const [gap, ...others] = gaps;
  if (!gap?.intercept) return call.pass();
  let passed: Promise<Answer> | undefined;
  const pass = (changed?: ChangedCall) => {
    const answer = answerWithGaps(others, changed ? changedCall(call, changed) : call, report);
    if (!changed?.method) passed = answer;
    return answer;
  };
  try {
    return await gap.intercept({ ...call, pass });
  } catch (error) {
    void report(gap.name, error);
    return passed ?? pass();
  }
}

/** Merges the changes of successive gaps. */
function changedCall(call: Call, changed: ChangedCall): Call {
  const { method = call.head.method, body = call.body, headers = {} } = changed;
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    head: { ...call.head, method, headers: { ...call.head.headers, ...Object.fromEntries(lowerCase) } },
    body,
    pass: (more) => call.pass({ ...changed, ...more, headers: { ...headers, ...more?.headers } }),
  };
}

export function observeAll(observers: readonly Gap[], exchange: Exchange, report: Report): void {
  for (const gap of observers) {
    try {
      gap.observe?.(exchange);
    } catch (error) {
      void report(gap.name, error);
    }
  }
}
