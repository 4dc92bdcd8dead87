// Runs one function in a fresh process, as Lambda does: loads it, calls it once, then repeats the call, one at a time.
// Writes the measurements to file descriptor 3 as a line of JSON. Times are in milliseconds, memory in bytes.
const { readFileSync, writeSync } = require("node:fs");

const [file, eventFile, calls, loadSeconds] = process.argv.slice(2);
const event = JSON.parse(readFileSync(eventFile, "utf8"));
const context = {
  functionName: "bench",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:bench:live",
  memoryLimitInMB: "256",
  awsRequestId: "00000000-0000-4000-8000-000000000000",
  getRemainingTimeInMillis: () => 10_000,
};

async function main() {
  const started = performance.now();
  // Lambda loads ES modules with import, everything else with require.
  const { handler } = file.endsWith(".mjs") ? await import(file) : require(file);
  const initialized = performance.now();
  const call = async () => {
    const { statusCode, body } = await handler(event, context);
    if (statusCode !== 201) throw new Error(`${statusCode} ${body}`);
  };
  await call();
  const answered = performance.now();
  const measured = {
    init: initialized - started,
    first: answered - initialized,
    // Since the process started, including the start of Node.js.
    cold: answered,
    memory: process.memoryUsage().rss,
  };
  // Not measured: the compiler is still busy during these calls.
  for (let count = 0; count < calls; count += 1) await call();
  const before = process.cpuUsage();
  for (let count = 0; count < calls; count += 1) await call();
  const { user, system } = process.cpuUsage(before);
  measured.warmCpu = (user + system) / 1000 / calls;
  if (loadSeconds) measured.load = await load(call);
  writeSync(3, `${JSON.stringify(measured)}\n`);
  process.exit();
}

async function load(call) {
  const { rss } = process.memoryUsage();
  const times = [];
  let highest = rss;
  const end = performance.now() + loadSeconds * 1000;
  for (let started = performance.now(); started < end; started = performance.now()) {
    await call();
    times.push(performance.now() - started);
    if (times.length % 100 === 0) highest = Math.max(highest, process.memoryUsage().rss);
  }
  times.sort((one, other) => one - other);
  const at = (share) => times[Math.floor(times.length * share)];
  return { calls: times.length, median: at(0.5), p99: at(0.99), growth: highest - rss };
}

void main();
