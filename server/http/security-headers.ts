import type { FastifyInstance } from 'fastify'
import { socketOrigins } from '#server/core/origins.ts'

/** security.md 6 and dashboard.md 14: own code only, and sockets to ourselves only. */
export const contentSecurityPolicy = (origins: readonly string[]): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "worker-src 'self'",
    `connect-src 'self' ${socketOrigins(origins).join(' ')}`.trim(),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types app-worker',
  ].join('; ')

/**
 * What no page of this server asks a browser for. Left alone: the loudspeaker, passkeys, the screen that stays awake. The microphone,
 * because Chromium names loudspeakers only to a page that may ask for it (dashboard.md 8, rule 5); it is asked in a press.
 */
export const refusedFeatures = [
  'accelerometer',
  'camera',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'idle-detection',
  'magnetometer',
  'midi',
  'payment',
  'serial',
  'usb',
  'xr-spatial-tracking',
]

const permissionsPolicy = [...refusedFeatures.map((feature) => `${feature}=()`), 'microphone=(self)'].join(', ')

/** The API's readable page is a foreign program: no inline script either, but it styles inline and knows no trusted types. */
export const docsContentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const headersFor = (origins: readonly string[]): Readonly<Record<string, string>> => ({
  'content-security-policy': contentSecurityPolicy(origins),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy': permissionsPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  ...(origins.every((origin) => origin.startsWith('https:'))
    ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' }
    : {}),
})

export const useSecurityHeaders = (app: FastifyInstance, origins: () => readonly string[]): void => {
  // The same for every answer as long as the origins are.
  let made = { origins: origins(), headers: headersFor(origins()) }
  app.addHook('onSend', async (request, reply) => {
    const now = origins()
    if (now !== made.origins) made = { origins: now, headers: headersFor(now) }
    void reply.headers(made.headers)
    if (/^\/api\/docs(\/|$|\?)/.test(request.url))
      void reply.header('content-security-policy', docsContentSecurityPolicy)
    if (/^\/(api|hub)\//.test(request.url)) void reply.header('cache-control', 'no-store')
  })
}
