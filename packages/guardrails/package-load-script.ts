/**
 * Loads a handler's file as Lambda's runtime for Node.js does, and writes what it finds, as JSON, to file descriptor 3.
 * Arguments: the package's folder, the handler's file, the path of the handler in what the file exports.
 *
 * - An ES module is imported, any other file is required.
 * - The SDK's credential providers are stubbed: it needs them only outside Lambda, so bundles often leave them out. Any
 *   other module must be in the zip. Lambda's own copy of the SDK does not count, because it is not what was tested.
 * - There is no network. A package that needs one to load cannot be judged here.
 * - A second thread watches the first: only CPU time tells a loop from a busy machine.
 */
export const loadScript = `
const fs = require("node:fs");
const path = require("node:path");
const net = require("node:net");
const dns = require("node:dns");
const Module = require("node:module");
const { Worker } = require("node:worker_threads");
const [folder, file, expression] = process.argv.slice(1);
const end = process.reallyExit.bind(process);
const absent = new Set();
const read = new Set();
let network = false;

const report = (result) => {
  fs.writeSync(3, JSON.stringify({ ...result, network, absent: [...absent], read: [...read] }) + "\\n");
  end(0);
};
const fail = (error) => {
  const message = String((error && error.message) || error).split("\\n")[0];
  const code = (error && error.code) || "";
  const [frame = "node:"] = /^\\s+at .*$/m.exec((error && error.stack) || "") || [];
  const unparsed = error instanceof SyntaxError && frame.includes("node:");
  const kind = /MODULE_NOT_FOUND$/.test(code) ? "module" : unparsed ? "syntax" : "throws";
  report({ failure: { kind, message } });
};

const variables = process.env;
process.env = new Proxy(variables, {
  get(target, name) {
    if (typeof name === "string") (name in target ? read : absent).add(name);
    return target[name];
  },
  has(target, name) {
    if (typeof name === "string" && !(name in target)) absent.add(name);
    return name in target;
  },
});

const offline = () => Object.assign(new Error("there is no network"), { code: "ENETUNREACH" });
net.Socket.prototype.connect = function () {
  network = true;
  process.nextTick(() => this.destroy(offline()));
  return this;
};
dns.lookup = (host, options, done = options) => {
  network = true;
  process.nextTick(() => done(offline()));
};
dns.promises.lookup = async () => {
  network = true;
  throw offline();
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (/^@(aws-sdk|smithy)\\/credential-provider-/.test(request)) return "node:util";
  return resolve.call(this, request, ...rest);
};

new Worker(
  \`const { writeSync } = require("node:fs");
  const cpu = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
  const waits = [];
  setInterval(() => {
    waits.push(cpu());
    const idle = waits.length > 20 && cpu() - waits[waits.length - 20] < 0.2;
    if (!idle && cpu() < 3) return;
    const message = idle ? "it waits for something that does not happen" : "it keeps running";
    writeSync(3, JSON.stringify({ failure: { kind: "hangs", message } }) + "\\\\n");
    process.kill(process.pid, "SIGKILL");
  }, 100);\`,
  { eval: true, env: {} },
).unref();

const ends = (code) => report({ failure: { kind: "exits", message: "it ends the process with exit code " + (code ?? 0) } });
process.exit = ends;
process.abort = () => ends(134);
process.on("uncaughtException", fail);
// Nothing is left to do, and yet the import has not ended.
process.on("exit", () => report({ failure: { kind: "hangs", message: "its top-level await never settles" } }));

/** Whether .js files beside a file are ES modules: the nearest package.json says so. */
const isModule = (from) => {
  for (let at = path.dirname(from); at.startsWith(folder); at = path.dirname(at)) {
    const description = path.join(at, "package.json");
    if (fs.existsSync(description)) return JSON.parse(fs.readFileSync(description, "utf8")).type === "module";
  }
  return false;
};

const describe = (value) => {
  if (value === undefined || value === null) return "absent";
  if (typeof value === "function") return /^class\\b/.test(Function.prototype.toString.call(value)) ? "a class" : "a function";
  if (typeof value.then === "function") return "a promise";
  return Array.isArray(value) ? "an array" : typeof value === "object" ? "an object" : "a " + typeof value;
};
const inspect = (loaded) => {
  // A rejection that nobody handles ends a function just as an error does.
  setImmediate(() => {
    let handler;
    try {
      handler = describe(expression.split(".").reduce((value, name) => value?.[name], loaded));
    } catch (error) {
      handler = "a getter that throws: " + String(error?.message ?? error).split("\\n")[0];
    }
    const names = Object.keys(Object(loaded)).filter((name) => !["module.exports", "__esModule"].includes(name));
    report({ handler, exports: names });
  });
};

const found = path.join(folder, file);
try {
  const esm = file.endsWith(".mjs") || (file.endsWith(".js") && isModule(found));
  if (esm) import(require("node:url").pathToFileURL(found)).then(inspect, fail);
  else inspect(require(found));
} catch (error) {
  fail(error);
}
`;
