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
import { overrideForEmulator } from "./override-for-emulator";
import { requiredProvidersOf } from "./required-providers-of";
import { synthesize } from "./synthesize";

const root = path.join(folders.root, "diff");
const checkout = new BaseCheckout(path.join(root, "base"));
const places = {
  stacks: path.join(root, "base.out"),
  states: path.join(root, "states"),
  emulator: path.join(root, "emulator"),
} as const;

/** A commit of this project, deployed on a separate emulator so that changes to it can be planned. */
export class EmulatedBase {
  private laptop: LocalAws | undefined;

  constructor(
    private readonly terraform: string,
    private readonly setUp: SetUp,
    private readonly region: string,
  ) {}

  /**
   * Deploys those of the stacks that the commit has.
   * @param headFolder the folder of this checkout's stack, whose providers are already installed
   * @returns the stacks that the commit does not have
   */
  async deploy(
    commit: string,
    stacks: readonly string[],
    headFolder: (stack: string) => string,
  ): Promise<readonly string[]> {
    await this.remove();
    await mkdir(places.states, { recursive: true });
    await step(`check out ${commit.slice(0, 10)}`, () => checkout.create(commit));
    const known = await step("synthesize the base (after npm ci, if its dependencies differ)", (report) =>
      synthesize(checkout.folder, places.stacks, "the base", report),
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

  /** Makes a stack's plan compare with what is deployed here. @returns the environment for Terraform */
  async preparePlan(stack: string, folder: string): Promise<NodeJS.ProcessEnv> {
    await overrideForEmulator(folder, stateFileOf(stack));
    return this.environment(this.setUp.providers);
  }

  /** Stops the emulator and removes everything but its logs. */
  async remove(): Promise<void> {
    await this.laptop?.abandon();
    this.laptop = undefined;
    await checkout.remove();
    for (const folder of Object.values(places))
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }

  private async deployStack(stack: string, headFolder: string, report: ReportDetail): Promise<void> {
    const cwd = path.join(places.stacks, "stacks", stack);
    await overrideForEmulator(cwd, stateFileOf(stack));
    const asHead = (await requiredProvidersOf(cwd)) === (await requiredProvidersOf(headFolder));
    // Set-up found this checkout's providers. For other releases, Terraform uses its own configuration.
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
        failure: `deploying the base's ${stack} to the emulator failed at terraform ${command[0]}:`,
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
