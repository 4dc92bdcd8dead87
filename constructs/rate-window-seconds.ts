/** How far back AWS WAF counts an address's requests: its default. */
export const rateWindowSeconds = 300;
