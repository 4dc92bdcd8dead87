export interface AlarmOwner {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

export function alarmArn(name: string, { account, region, partition }: AlarmOwner): string {
  return `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}`;
}

/** @param reference an alarm's name or ARN */
export function alarmName(reference: string): string {
  return reference.replace(/^arn:[^:]*:cloudwatch:[^:]*:\d*:alarm:/, "");
}
