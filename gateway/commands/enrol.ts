import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Secret } from '#domain/secret.ts'
import { keyWords } from '#domain/uplink/key-words.ts'
import { KeyStore } from '../adapters/key-store.ts'
import { systemClock } from '../adapters/system-time.ts'
import { hubClock } from '../compose/hub-clock.ts'
import { pair } from '../compose/pair.ts'
import { reachOf } from '../compose/reach.ts'
import { gatewayErrorCode, messageOf } from '../core/errors.ts'
import { newLog, say, stopSignal, unfit, wrongUse } from './program.ts'
import type { GatewayErrorCode } from '../core/errors.ts'
import type { Command } from './program.ts'

/** Besides those of every command: a script has to know whether to ask for a new code or to try again. */
const exitCodes: { readonly [Code in GatewayErrorCode]?: number } = {
  GW_PAIRING_REFUSED: 3,
  GW_UPLINK_UNREACHABLE: 4,
  GW_UPLINK_BUSY: 4,
  GW_UPLINK_BAD_REPLY: 4,
  GW_SERVER_UNPROVEN: 5,
}

const needed = 'Needed: gateway enrol --server URL --claim ID --code CODE [--ca FILE] [--pin PIN]… [--data DIR]'

/** Crockford's 12 characters, as people type them: checked here, because a wrong one would cost one of five tries. */
const codePattern = /^(?:[-\s]*[0-9A-TV-Z]){12}[-\s]*$/i

/** `--code` alone may carry both, as GATEWAY_CLAIM does. */
const readClaim = (claim: string | undefined, code: string | undefined) => {
  const both = claim === undefined ? /^([^:]+):(.+)$/.exec(code ?? '') : null
  const claimId = both?.[1] ?? claim
  const typed = both?.[2] ?? code
  return claimId === undefined || typed === undefined ? null : { claimId, code: typed }
}

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      server: { type: 'string' },
      claim: { type: 'string' },
      code: { type: 'string' },
      ca: { type: 'string' },
      pin: { type: 'string', multiple: true },
      data: { type: 'string', default: process.env['GATEWAY_DATA_DIR'] ?? 'data/hub' },
    },
  })
  const { server, ca, pin, data } = values
  const url = server === undefined ? null : URL.parse(server)
  // A command line is seen by everybody on this computer, an environment is not (security.md 11).
  const given = values.claim === undefined && values.code === undefined ? process.env['GATEWAY_CLAIM'] : values.code
  const claim = readClaim(values.claim, given)
  if (url === null || !/^https?:$/.test(url.protocol) || claim === null) {
    say(needed)
    return wrongUse
  }
  if (!codePattern.test(claim.code)) {
    say('The code has 12 letters and digits, for example 7K2M-9QXT-04BD. Nothing was sent.')
    return wrongUse
  }
  const log = newLog('info')
  const keys = await KeyStore.open(join(resolve(data), 'identity'))
  const before = keys.pairing?.hubId
  const ownClock = await hubClock(resolve(data), systemClock, log)
  const trusted = { url: url.origin, ...(ca === undefined ? {} : { ca }), ...(pin === undefined ? {} : { pins: pin }) }
  const reach = await reachOf(trusted, keys, ownClock, systemClock)
  try {
    await pair(keys, reach, { claimId: claim.claimId, code: new Secret(claim.code) }, stopSignal(), log)
  } catch (error) {
    say(`Not paired: ${messageOf(error)}`)
    return exitCodes[gatewayErrorCode(error) ?? 'GW_NOT_PAIRED'] ?? unfit
  }
  const { hubId, keyId } = keys.pairing ?? {}
  const known = before === undefined || before === hubId ? '' : ` It was ${before} before.`
  say(`Paired with ${url.origin} as ${hubId}.${known} A gateway that runs takes this over within seconds.`)
  const words = keyId === undefined ? null : keyWords(keyId)
  if (words !== null) say(`Its key reads ${words}. Whoever made the code sees the same words.`)
  return 0
}

export const enrolCommand: Command = {
  usage: `  gateway enrol --server URL --claim ID --code CODE [--ca FILE] [--pin PIN]… [--data DIR]
                                  pair this hub with a server, or pair it again with a new key; ends with 3 when the
                                  claim is refused, 4 when the server does not answer, 5 when it is not the right one;
                                  GATEWAY_CLAIM=ID:CODE in the environment keeps the code out of the list of processes`,
  run,
}
