/** What Node.js itself takes. */
export const handler = async () => ({ statusCode: 201, body: "{}" });
