import { mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { CheckpointStore } from "../../packages/laptop/checkpoint";
import { commandEnvironment, emulatorEnvironment } from "../../packages/laptop/environment";
import { folders } from "../../packages/laptop/folders";
import { LocalAws } from "../../packages/laptop/local-aws";
import type { Providers } from "../../packages/laptop/set-up/providers/providers";
import type { SetUp } from "../../packages/laptop/set-up/set-up";
import { type ReportDetail, step } from "../../packages/terminal/progress";
import { mustRun } from "../../packages/terminal/run-command";
import { BaseCheckout } from "./base-checkout";
import { emulated } from "./emulated";
import { requiredProvidersOf } from "./required-providers-of";
import { synthesize } from "./synthesize";

const own = path.join(folders.root, "diff");
const checkout = new BaseCheckout(path.join(own, "base"));
const places = {
  stacks: path.join(own, "base.out"),
  states: path.join(own, "states"),
  emulator: path.join(own, "emulator"),
} as const;

/** A commit of this project as it is deployed on an emulator of its own, so that a change to it can be planned. */
export class EmulatedBase {
  private laptop: LocalAws | undefined;

  constructor(
    private readonly terraform: string,
    private readonly setUp: SetUp,
    private readonly region: string,
  ) {}

  /**
   * Deploys a commit's stacks, as far as it has them.
   * @param headFolder with the stack as it is planned, which says what providers are at hand
   * @returns the stacks that it does not have
   */
  async deploy(
    commit: string,
    stacks: readonly string[],
    headFolder: (stack: string) => string,
  ): Promise<readonly string[]> {
    await this.remove();
    await mkdir(places.states, { recursive: true });
    await step(`check out ${commit.slice(0, 10)}`, () => checkout.create(commit));
    const known = await step(
      "synthesize the base (npm ci first, where its dependencies are others)",
      (report) => synthesize(checkout.folder, places.stacks, "the base", report),
    );
    this.laptop = await step("emulator", () =>
      LocalAws.start(new CheckpointStore(places.emulator), {
        lambdaRuntime: this.setUp.lambdaRuntime,
        region: this.region,
        folders: {
          temporary: path.join(places.emulator, "tmp"),
          logs: path.join(folders.logs, "diff"),
        },
      }),
    );
    await Promise.all(
      stacks
        .filter((stack) => known.includes(stack))
        .map((stack) =>
          step(`deploy the base's ${stack} to the emulator (a minute or two)`, (report) =>
            this.deployStack(stack, headFolder(stack), report),
          ),
        ),
    );
    return stacks.filter((stack) => !known.includes(stack));
  }

  /** Has a stack be planned against what is deployed. @returns the environment in which Terraform does so */
  async plans(stack: string, folder: string): Promise<NodeJS.ProcessEnv> {
    await emulated(folder, stateFileOf(stack));
    return this.environment(this.setUp.providers);
  }

  /** Ends the emulator and leaves nothing behind but its logs. */
  async remove(): Promise<void> {
    await this.laptop?.abandon();
    this.laptop = undefined;
    await checkout.remove();
    for (const folder of Object.values(places))
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }

  private async deployStack(stack: string, headFolder: string, report: ReportDetail): Promise<void> {
    const cwd = path.join(places.stacks, "stacks", stack);
    await emulated(cwd, stateFileOf(stack));
    const asHead = (await requiredProvidersOf(cwd)) === (await requiredProvidersOf(headFolder));
    // What was found here is what this checkout requires: another release is looked for where Terraform itself looks.
    const env = this.environment(asHead ? this.setUp.providers : undefined);
    for (const command of [["init"], ["apply", "-auto-approve"]]) {
      await mustRun(this.terraform, [...command, "-input=false", "-no-color"], {
        cwd,
        env,
        onLine: (line) => {
          const [resource] = /^aws_\w+\.[\w-]+(?=: )/.exec(line) ?? [];
          if (resource) report(resource);
        },
        logFile: path.join(folders.logs, "diff", `base-${stack}-${command[0]}.log`),
        failure: `the base's ${stack} cannot be deployed to the emulator: terraform ${command[0]} failed.`,
      });
    }
  }

  private environment(providers: Providers | undefined): NodeJS.ProcessEnv {
    const { port } = this.laptop as LocalAws;
    const variables = emulatorEnvironment(port, this.region, {
      source: "registry",
      environment: {},
      ...providers,
    });
    return commandEnvironment(variables);
  }
}

function stateFileOf(stack: string): string {
  return path.join(places.states, `${stack}.tfstate`);
}
