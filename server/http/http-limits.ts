/** What one request, one connection and one caller may take (security.md 6). Routes of hubs have bodies of their own size. */
export const httpLimits = {
  bodyLimit: 64 * 1024,
  requestTimeout: 10_000,
  connectionTimeout: 0,
  maxRequestsPerSocket: 1000,
  onProtoPoisoning: 'error',
  onConstructorPoisoning: 'error',
  forceCloseConnections: true,
} as const

/** Of Node's own server below it. */
export const parserLimits = {
  headersTimeout: 5000,
  connectionsCheckingInterval: 5000,
  maxHeaderSize: 16 * 1024,
} as const
