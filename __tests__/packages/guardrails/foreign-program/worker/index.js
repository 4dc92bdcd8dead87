exports.handler = async ({ Records }) => {
  console.log(JSON.stringify({ received: Records.length }));
  return { batchItemFailures: [] };
};
