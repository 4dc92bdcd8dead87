import { cbor } from "@smithy/core/cbor";
import { detected, failed } from "./messages";
import { jsonRequest, queryRequest, refusalOf, request } from "./requests";

const alarm = {
  AlarmName: "a",
  ComparisonOperator: "GreaterThan",
  EvaluationPeriods: 1,
};
const alarmParameters = { Action: "PutMetricAlarm", ...alarm, EvaluationPeriods: "1" };

const operators =
  "[GreaterThanOrEqualToThreshold, GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold, LessThanLowerOrGreaterThanUpperThreshold, LessThanLowerThreshold, GreaterThanUpperThreshold]";
function actions(count: number): Readonly<Record<string, string>> {
  return numbered(count, (number) => [[`AlarmActions.member.${number}`, `arn:${number}`]]);
}

function dimensions(count: number): Readonly<Record<string, string>> {
  return numbered(count, (number) => [
    [`Dimensions.member.${number}.Name`, `name${number}`],
    [`Dimensions.member.${number}.Value`, "value"],
  ]);
}

function numbered(
  count: number,
  entries: (number: number) => readonly (readonly [string, string])[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => entries(index + 1)).flat());
}

describe("RequestCheck", () => {
  describe("in CloudWatch's protocols", () => {
    const message = detected(
      failed("'GreaterThan'", "comparisonOperator", `satisfy enum value set: ${operators}`),
    );

    it("refuses an operator in the query protocol", () => {
      const answer = refusalOf(queryRequest("monitoring", "2010-08-01", alarmParameters))?.answer;

      expect(`${answer?.body}`).toContain(
        `<Error><Type>Sender</Type><Code>ValidationError</Code><Message>${message}</Message></Error>`,
      );
    });

    it("refuses it in JSON", () => {
      const answer = refusalOf(
        jsonRequest("monitoring", "GraniteServiceVersion20100801.PutMetricAlarm", alarm),
      )?.answer;

      expect(JSON.parse(`${answer?.body}`).message).toBe(message);
      expect(answer?.rawHeaders).toContain("ValidationError;Sender");
    });

    it("refuses it in CBOR", () => {
      const sent = request({
        service: "monitoring",
        path: "/service/GraniteServiceVersion20100801/operation/PutMetricAlarm",
        headers: { "smithy-protocol": "rpc-v2-cbor" },
        body: Buffer.from(cbor.serialize(alarm)),
      });

      const answer = refusalOf(sent)?.answer;

      expect(cbor.deserialize(answer?.body as Buffer)).toEqual({
        __type: "com.amazon.coral.validate#ValidationException",
        message,
      });
      expect(answer?.rawHeaders).toEqual(expect.arrayContaining(["smithy-protocol", "rpc-v2-cbor"]));
    });

    it.each<[string, Readonly<Record<string, string>>, string, string]>([
      ["no period", { EvaluationPeriods: "0" }, "evaluationPeriods", "minimum"],
      ["six actions", actions(6), "alarmActions", "maximum"],
      ["31 dimensions", dimensions(31), "dimensions", "maximum"],
      ["a name of 256 characters", { AlarmName: "a".repeat(256) }, "alarmName", "maximum"],
    ])("refuses an alarm with %s", (_, changed, path, kind) => {
      const parameters = { ...alarmParameters, ComparisonOperator: "GreaterThanThreshold", ...changed };

      const refused = refusalOf(queryRequest("monitoring", "2010-08-01", parameters));

      expect(refused?.violations).toMatchObject([{ path, kind }]);
    });

    it.each<[string, Readonly<Record<string, string>>]>([
      ["an empty list of actions", { AlarmActions: "" }],
      ["an empty description", { AlarmDescription: "" }],
      ["five actions and 30 dimensions", { ...actions(5), ...dimensions(30) }],
    ])("lets an alarm with %s pass", (_, changed) => {
      const parameters = { ...alarmParameters, ComparisonOperator: "GreaterThanThreshold", ...changed };

      expect(refusalOf(queryRequest("monitoring", "2010-08-01", parameters))).toBeUndefined();
    });

    it("repeats a list in its own order", () => {
      const parameters = { ...alarmParameters, ComparisonOperator: "GreaterThanThreshold", ...actions(11) };

      const refused = refusalOf(queryRequest("monitoring", "2010-08-01", parameters));

      expect(refused?.violations[0]?.value).toMatch(/^\[arn:1, arn:2, .*arn:9, arn:10, arn:11\]$/);
    });
  });
});
