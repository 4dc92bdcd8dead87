import { type Answer, type Call, type Gap, hasSucceeded, jsonAnswer, type RequestHead } from "./gap";

interface Stage {
  readonly accessLogSettings?: object;
}

/**
 * Makes a stage without an access log read back without accessLogSettings. MiniStack returns an empty object, which
 * Terraform would plan to remove each time.
 */
export class ApiStages implements Gap {
  readonly name = "api-stages";

  claims({ method, path }: RequestHead): boolean {
    return method !== "DELETE" && /^\/restapis\/[^/]+\/stages(?:\/[^/]+)?$/.test(path);
  }

  async intercept(call: Call): Promise<Answer> {
    const answer = await call.pass();
    if (!hasSucceeded(answer)) return answer;
    const output = JSON.parse(answer.body.toString());
    // GetStages returns a list, all other calls return one stage.
    return jsonAnswer(answer, output.item ? { ...output, item: output.item.map(asOnAws) } : asOnAws(output));
  }
}

export function asOnAws({ accessLogSettings = {}, ...stage }: Stage): Stage {
  return Object.keys(accessLogSettings).length > 0 ? { ...stage, accessLogSettings } : stage;
}
