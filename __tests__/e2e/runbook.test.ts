import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { commandEnvironment } from "../../packages/laptop/environment";
import { runbookBlock } from "../support/runbook-block";
import { describeWhere, missingPrograms } from "../support/where-possible";
import { apiUrl } from "./deployment";
import { ServedDevStack } from "./served-dev-stack";
import { signedFetch } from "./signed-fetch";
import { until } from "./until";

/** Pastes the runbook's commands into a shell, as an operator does. The tests run in order, in one folder. */
describeWhere(missingPrograms("aws", "jq"), "the replay in docs/runbook.md", () => {
  let stack: ServedDevStack;
  let folder: string;

  beforeAll(async () => {
    stack = await ServedDevStack.start();
    folder = mkdtempSync(path.join(os.tmpdir(), "runbook-"));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await stack?.stop();
  });

  it("publishes a range of the table's stream, and nothing behind it", async () => {
    for (const id of ["first", "second", "behind"]) await create(id);
    const table =
      "aws dynamodb describe-table --table-name $APP-items-$ENV --query Table.LatestStreamArn --output text";
    const streamArn = shell(table).trim();
    const describe = `aws dynamodbstreams describe-stream --stream-arn ${streamArn}`;
    const shardId = shell(`${describe} --query 'StreamDescription.Shards[0].ShardId' --output text`).trim();
    const oldest = `aws dynamodbstreams get-shard-iterator --stream-arn ${streamArn} --shard-id ${shardId} --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text`;
    const { Records } = JSON.parse(shell(`aws dynamodbstreams get-records --shard-iterator $(${oldest})`));
    const [first, second] = Records.map(
      ({ dynamodb }: { readonly dynamodb: { readonly SequenceNumber: string } }) => dynamodb.SequenceNumber,
    );

    const result = shell(
      runbookBlock("aws dynamodbstreams get-records")
        .replaceAll("<streamArn>", streamArn)
        .replaceAll("<shardId>", shardId)
        .replaceAll("<startSequenceNumber>", first)
        .replaceAll("<endSequenceNumber>", second),
    );

    const replayed = JSON.parse(readFileSync(path.join(folder, "event.json"), "utf8"));
    expect(result.replaceAll(/\s/g, "")).toContain('{"batchItemFailures":[]}');
    expect(replayed.Records.map(idOf)).toEqual(["first", "second"]);
  });

  it("invokes the function again with an asynchronous event, and deletes its message last", async () => {
    const queue = runbookBlock("aws ssm get-parameter --name /$APP/$ENV/dead-letter-queue-url").split(
      "\n",
    )[0];
    const event = `{"quoted":"it's \\"here\\""}`;
    const invoke = "aws lambda invoke --function-name $APP-api-$ENV --qualifier live --invocation-type Event";
    shell(
      `printf '%s' "$EVENT" > planted.json; ${invoke} --payload fileb://planted.json planted-result.json`,
      {
        EVENT: event,
      },
    );
    const count = () =>
      Number(
        shell(
          `${queue}\naws sqs get-queue-attributes --queue-url $QUEUE --attribute-names All --query 'Attributes.[ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible] | sum([].to_number(@))'`,
        ),
      );
    await until("the dead letter", 30, async () => count() === 1);

    shell(`${queue}\n${runbookBlock("--invocation-type Event")}`);

    expect(JSON.parse(readFileSync(path.join(folder, "event.json"), "utf8"))).toEqual(JSON.parse(event));
    await until(
      "the dead letter of the replay, as the event still cannot be handled",
      30,
      async () => count() === 2,
    );
    shell(`${queue}\n${runbookBlock("aws sqs delete-message")}`);
    expect(count()).toBe(1);
  });

  function shell(commands: string, env: NodeJS.ProcessEnv = {}): string {
    // Version 1 of the AWS CLI calls SQS at its old address, whatever AWS_ENDPOINT_URL says.
    const toEmulator = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }';
    const { status, stdout, stderr } = spawnSync("sh", ["-e", "-c", `${toEmulator}\n${commands}`], {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...commandEnvironment(stack.environment()),
        AWS_CONFIG_FILE: path.join(folder, "aws-config"),
        // Version 1 of the AWS CLI does not read AWS_REGION.
        AWS_DEFAULT_REGION: stack.environment().AWS_REGION,
        APP: "serverless-app",
        ENV: "dev",
        ...env,
      },
    });
    expect({ commands, status, stderr: status === 0 ? "" : stderr }).toEqual({
      commands,
      status: 0,
      stderr: "",
    });
    return stdout;
  }

  async function create(id: string): Promise<void> {
    const { status } = await signedFetch(`${apiUrl(stack.launcher)}/items`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id, data: {} }),
    });
    expect(status).toBe(201);
  }
});

function idOf({
  dynamodb,
}: {
  readonly dynamodb: { readonly Keys: { readonly id: { readonly S: string } } };
}) {
  return dynamodb.Keys.id.S;
}
