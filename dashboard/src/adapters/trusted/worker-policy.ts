import type { TrustedScript } from '#dashboard/core/script-port.ts'

/** The content security policy names this policy and no other; a worker from a plain string is refused. */
const policyName = 'app-worker'

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL: TrustedScript }): { createScriptURL: TrustedScript }
}

declare global {
  // Not yet in TypeScript's DOM library; absent in browsers without trusted types.
  var trustedTypes: TrustedTypes | undefined
}

/** Once a page: lets these workers through and nothing else. */
export const workerPolicy = (allowed: readonly string[]): TrustedScript => {
  const onlyOurs = (url: string): string => {
    if (!allowed.includes(url)) throw new TypeError('only workers of this page are started here')
    return url
  }
  const policy = globalThis.trustedTypes?.createPolicy(policyName, { createScriptURL: onlyOurs })
  return policy === undefined ? onlyOurs : (url) => policy.createScriptURL(url)
}
