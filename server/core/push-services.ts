// The push services of browsers, by the names their endpoints have: Chrome and other Chromium browsers, Firefox, Safari, Edge.
const names = ['fcm.googleapis.com', 'jmt17.google.com', 'updates.push.services.mozilla.com', 'web.push.apple.com']
const families = ['.push.services.mozilla.com', '.push.apple.com', '.notify.windows.com']

/** Whether the host of an endpoint belongs to a known push service, or is one of `trusted` (`host` or `host:port`). */
export const isPushService = (endpoint: string, trusted: readonly string[]): boolean => {
  const url = URL.parse(endpoint)
  if (url === null) return false
  const { hostname, host } = url
  if (trusted.some((entry) => entry === host || entry === hostname)) return true
  return url.port === '' && (names.includes(hostname) || families.some((family) => hostname.endsWith(family)))
}
