import { copyFile, readFile, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { folders } from "../../packages/laptop/folders";
import { installOnce } from "../../packages/laptop/set-up/tools";
import { mustRun } from "../../packages/terminal/run-command";

const cdktn = path.join(folders.tools, "cdktn");

/** Installs CDK Terrain under cdktf's names, pinned in engines/cdktn. Does nothing if it is already installed. */
export async function installCdktn(): Promise<void> {
  const source = path.resolve("engines/cdktn");
  const pins = [await readFile(path.join(source, "package-lock.json"))];
  await installOnce(cdktn, pins, "CDK Terrain: npm ci (about ten seconds, 490 MB)", async () => {
    for (const file of ["package.json", "package-lock.json"]) {
      await copyFile(path.join(source, file), path.join(cdktn, file));
    }
    await mustRun("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline"], {
      cwd: cdktn,
      logFile: path.join(folders.logs, "cdktn.log"),
      failure:
        "npm could not install CDK Terrain: check the network and npm's registry setting, then run this again.",
    });
    await shareLibrary();
  });
}

/**
 * npm installs the library twice: under cdktf's name, and under its own name, which the providers import. Pointing both
 * names at one folder gives one set of classes, in Node.js, jest and TypeScript alike.
 */
async function shareLibrary(): Promise<void> {
  const peer = path.join(cdktn, "node_modules", "cdktn");
  await rm(peer, { recursive: true });
  await symlink("cdktf", peer);
}
