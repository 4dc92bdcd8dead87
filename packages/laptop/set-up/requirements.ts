import { runCommand } from "../../terminal/run-command";
import { UserError } from "../../terminal/user-error";

export interface Terraform {
  /** `terraform`, or the value of TERRAFORM_BINARY_NAME, for example `tofu`. */
  readonly binary: string;
  readonly version: string;
  /** The registry that it uses for `hashicorp/aws`. */
  readonly registry: "registry.terraform.io" | "registry.opentofu.org";
}

/** @throws UserError if neither Terraform nor OpenTofu, 1.10 or newer, is on the PATH */
export async function findTerraform(): Promise<Terraform> {
  const binary = process.env.TERRAFORM_BINARY_NAME ?? "terraform";
  const { exitCode, output } = await runCommand(binary, ["version"], {
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
    timeoutSeconds: 20,
  });
  const [, product, version] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+)/m.exec(output) ?? [];
  const advice =
    "install it from https://developer.hashicorp.com/terraform/install (or OpenTofu, with TERRAFORM_BINARY_NAME=tofu)";
  if (exitCode !== 0 || !version) {
    throw new UserError(
      `Terraform 1.10 or newer is required, but \`${binary} version\` cannot be run: ${advice}`,
    );
  }
  if (!isAtLeast(version, 1, 10)) {
    throw new UserError(
      `Terraform 1.10 or newer is required for S3 state locking, but ${binary} is ${version}: ${advice}`,
    );
  }
  return {
    binary,
    version,
    registry: product === "OpenTofu" ? "registry.opentofu.org" : "registry.terraform.io",
  };
}

export interface Python {
  /** `python3`, or the value of the variable PYTHON. */
  readonly binary: string;
  readonly version: string;
}

/** @throws UserError if Python 3.10 or newer is not on the PATH */
export async function findPython(): Promise<Python> {
  const binary = process.env.PYTHON ?? "python3";
  const { exitCode, output } = await runCommand(binary, ["--version"], { timeoutSeconds: 20 });
  const [, version] = /^Python (\d+\.\d+\.\d+)/m.exec(output) ?? [];
  const advice =
    "install it from https://www.python.org/downloads or with your system's package manager, or name another interpreter in the variable PYTHON";
  if (exitCode !== 0 || !version) {
    throw new UserError(
      `Python 3.10 or newer is required, but \`${binary} --version\` cannot be run: ${advice}`,
    );
  }
  if (!isAtLeast(version, 3, 10)) {
    throw new UserError(`Python 3.10 or newer is required, but ${binary} is ${version}: ${advice}`);
  }
  return { binary, version };
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split(".").map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}
