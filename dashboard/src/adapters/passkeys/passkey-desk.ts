import type { PasskeyDesk } from '#dashboard/core/passkey-port.ts'

/** What it takes is fetched at the first press: the wall starts without it. */
const browserPasskeys = () => import('./browser-passkeys.ts')

const isHere =
  typeof PublicKeyCredential === 'function' &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential &&
  !/^[\d.]+$|^\[/.test(location.hostname)

export const passkeyDesk: PasskeyDesk = {
  isHere,
  make: async (options) => (await browserPasskeys()).makePasskey(options),
  show: async (options) => (await browserPasskeys()).showPasskey(options),
}
