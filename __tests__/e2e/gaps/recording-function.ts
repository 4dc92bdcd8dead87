import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { zipOf } from "../../support/zip";
import { until } from "../until";
import { account, type ClientConfig } from "./emulators";

/** One execution, as the function saw it. */
export interface Execution {
  readonly marker: string;
  readonly contextVersion: string;
  readonly variableVersion: string;
  readonly invokedArn: string;
  readonly pid: number;
  /** How many events this process has had, this one included. */
  readonly nth: number;
}

/**
 * A function that records each execution in a file. It finds its marker, `marker_<word>`, anywhere in the event, so that any
 * source can send one. It waits while the marker is held, and then fails if the marker contains `fail`.
 */
export class RecordingFunction {
  private readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "recording-")));
  private readonly lambda: LambdaClient;

  constructor(
    config: ClientConfig,
    readonly name: string,
  ) {
    this.lambda = new LambdaClient(config);
  }

  async create(more: Partial<CreateFunctionCommandInput> = {}): Promise<void> {
    await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName: this.name,
        Role: `arn:aws:iam::${account}:role/gaps`,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Timeout: 60,
        Code: { ZipFile: zipOf("index.js", sourceWith(this.folder)) },
        ...more,
      }),
    );
  }

  /** Publishes a version with the given change. @returns its number */
  async publish(
    change: { readonly Role?: string; readonly DeadLetterConfig?: object } = {},
  ): Promise<string> {
    const FunctionName = this.name;
    const Description = `${Math.random()}`;
    await this.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Description, ...change }));
    const { Version } = await this.lambda.send(new PublishVersionCommand({ FunctionName }));
    return Version ?? "";
  }

  /** @param weights shares by additional version @returns the alias's ARN */
  async createAlias(
    Name: string,
    FunctionVersion: string,
    weights: Record<string, number> = {},
  ): Promise<string> {
    const { AliasArn } = await this.lambda.send(
      new CreateAliasCommand({
        FunctionName: this.name,
        Name,
        FunctionVersion,
        RoutingConfig: { AdditionalVersionWeights: weights },
      }),
    );
    return AliasArn ?? "";
  }

  hold(marker: string): void {
    writeFileSync(this.holdFile(marker), "");
  }

  release(marker: string): void {
    rmSync(this.holdFile(marker));
  }

  /** Waits until as many executions with this marker have begun. */
  async begun(marker: string, count = 1): Promise<void> {
    await until(
      `${count} executions of ${marker} have begun`,
      120,
      async () => this.count("begun", marker) >= count,
    );
  }

  /** Waits until as many executions with this marker have ended, and returns all there are. */
  async ended(marker: string, count = 1): Promise<Execution[]> {
    await until(
      `${count} executions of ${marker} have ended`,
      120,
      async () => this.count("ended", marker) >= count,
    );
    return this.executions("ended", marker);
  }

  /** Executions with this marker that have begun so far. */
  count(state: "begun" | "ended", marker: string): number {
    return this.executions(state, marker).length;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private executions(state: "begun" | "ended", marker: string): Execution[] {
    const file = path.join(this.folder, state);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
    return lines.map((line): Execution => JSON.parse(line)).filter((one) => one.marker === marker);
  }

  private holdFile(marker: string): string {
    return path.join(this.folder, `hold-${marker}`);
  }
}

function sourceWith(folder: string): string {
  return `
  const { appendFileSync, existsSync } = require("node:fs");
  const folder = ${JSON.stringify(folder)};
  let nth = 0;
  exports.handler = async (event, context) => {
    const [marker = "none"] = /marker_\\w+/.exec(JSON.stringify(event)) ?? [];
    const execution = {
      marker,
      contextVersion: context.functionVersion,
      variableVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      invokedArn: context.invokedFunctionArn,
      pid: process.pid,
      nth: ++nth,
    };
    // The emulator waits longer for the lines of a function that logs nothing.
    console.log(marker);
    const line = JSON.stringify(execution) + "\\n";
    appendFileSync(folder + "/begun", line);
    while (existsSync(folder + "/hold-" + marker)) await new Promise((resolve) => setTimeout(resolve, 20));
    appendFileSync(folder + "/ended", line);
    if (marker.includes("fail")) throw new Error("as requested");
    return { statusCode: 200, body: JSON.stringify(execution) };
  };`;
}
