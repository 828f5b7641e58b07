import { HubId } from '#domain/ids.ts'
import { openOffice } from '../compose/office.ts'
import type { ServerConfig } from '../config.ts'
import { commandLine } from './assignments.ts'
import { noSuchHub } from './hub.ts'
import { complain, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

const mostClaims = 1000

const createClaims = async (config: ServerConfig, name: string | undefined, count: string): Promise<number> => {
  if (name === undefined) return complain('--count makes claims for new hubs: it goes with --name')
  const wanted = Number(count)
  if (!/^\d+$/.test(count) || wanted < 1 || wanted > mostClaims)
    return complain(`--count: a whole number from 1 to ${mostClaims}`)
  await using office = await openOffice(config)
  for (let number = 1; number <= wanted; number += 1) {
    const claim = await office.createClaim(commandLine, `${name.trim()} ${number}`.slice(-64), null)
    if (claim !== null) say(`${claim.claimId}:${claim.code}`)
  }
  return 0
}

export const claimCreateCommand: Command = {
  words: 'claim create',
  usage: `  claim create --name "Home 1"           let a new hub in; prints claim id and code, good for 10 minutes
  claim create --name Fleet --count 50   let many hubs in; prints one claimId:code a line
  claim create --hub HUB                 let a known hub in again with a new key; its old keys end then`,
  async run(config, args) {
    const { name, hub, count } = optionsOf(args, 'name', 'hub', 'count')
    if ((name === undefined) === (hub === undefined))
      return complain('claim create needs either --name for a new hub or --hub for a known one')
    if (name !== undefined && (name.trim() === '' || name.length > 64)) return complain('--name: 1 to 64 characters')
    if (count !== undefined) return createClaims(config, name, count)
    const known = hub === undefined ? null : HubId.safeParse(hub)
    if (known?.success === false) return complain(noSuchHub(hub))
    await using office = await openOffice(config)
    const claim = await office.createClaim(commandLine, name?.trim() ?? '', known?.data ?? null)
    if (claim === null) return complain(noSuchHub(hub))
    say(
      `Hub:   ${claim.hubId}${name === undefined ? '' : ` (${name.trim()})`}\nClaim: ${claim.claimId}\nCode:  ${claim.code}\nGood for 10 minutes and one hub.`,
    )
    return 0
  },
}
