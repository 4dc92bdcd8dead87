// Runs in its own process, forked in a function's folder. It loads the handler as Lambda does, calls it with each event
// it is sent, and sends back the answers and the name of every module that was loaded, except Node's built-in ones.
const Module = require("node:module");
const path = require("node:path");

const modules = [];
const load = Module._load;
Module._load = function (request, ...rest) {
  if (!Module.isBuiltin(request)) modules.push(request);
  return load.call(this, request, ...rest);
};

process.once("message", async ({ handler, events, context }) => {
  const dot = handler.lastIndexOf(".");
  const file = path.resolve(`${handler.slice(0, dot)}.js`);
  const handle = require(file)[handler.slice(dot + 1)];
  const answers = [];
  for (const event of events) {
    answers.push(await handle(event, { ...context, getRemainingTimeInMillis: () => 10_000 }));
  }
  process.send({ answers, modules: modules.filter((name) => name !== file) }, () => process.exit());
});
