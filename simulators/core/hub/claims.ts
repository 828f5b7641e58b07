import { SimulatorError } from '../errors.ts'

/** What lets one hub in, once. */
export interface Claim {
  readonly claimId: string
  /** 12 Crockford characters, as they are signed: without dashes. */
  readonly code: string
}

/** Reads `claimId:code`, one a line, as `server claim create --count` prints them. Throws `SIM_CONFIG_INVALID`. */
export const readClaims = (text: string, needed: number): readonly Claim[] => {
  const claims = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line, index) => {
      const [, claimId, code] = /^([^:\s]+):([0-9A-Za-z-]{12,20})$/.exec(line) ?? []
      if (claimId === undefined || code === undefined)
        throw new SimulatorError('SIM_CONFIG_INVALID', `Claim ${index + 1} is not written as claimId:code.`)
      return { claimId, code: code.toUpperCase().replaceAll('-', '') }
    })
  if (claims.length < needed)
    throw new SimulatorError(
      'SIM_CONFIG_INVALID',
      `${needed} hubs need as many claims, the file has ${claims.length}. Make more: server claim create --name Fleet --count ${needed}`,
    )
  return claims.slice(0, needed)
}
