import { paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { all, beside, type Probe } from "./probe";

/** A composite alarm changes nothing about the alarms that it watches. */
export const alarmProbes: readonly Probe[] = [
  {
    type: "aws_cloudwatch_metric_alarm",
    kind: "composite alarms",
    strangers: async ({ alarm_name: name }, { clients: { cloudWatch: client }, planned }) => {
      const composites = await all(
        paginateDescribeAlarms({ client }, { AlarmTypes: ["CompositeAlarm"] }),
        ({ CompositeAlarms }) => CompositeAlarms,
      );
      const strangers = beside(
        composites
          .filter(({ AlarmRule, ActionsSuppressor }) =>
            [AlarmRule, ActionsSuppressor].some((text) => text?.includes(`${name}`)),
          )
          .map(({ AlarmName }) => AlarmName),
        planned("aws_cloudwatch_composite_alarm").map((composite) => composite.alarm_name),
        (composite) => `the composite alarm ${composite}, which watches it`,
      );
      return strangers.map(({ what }) => ({ what, harmless: true }));
    },
  },
];
