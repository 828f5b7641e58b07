import { HubId } from '#domain/ids.ts'
import { keyWords } from '#domain/uplink/key-words.ts'
import { openOffice } from '../compose/office.ts'
import { commandLine } from './assignments.ts'
import { complain, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

export const noSuchHub = (hub: string | undefined): string => `There is no hub "${hub ?? ''}". See: server hub list`

const words = (keyId: string): string => {
  const said = keyWords(keyId)
  return said === null ? '' : ` (${said})`
}

const time = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString())

export const hubListCommand: Command = {
  words: 'hub list',
  usage: '  hub list                               hubs, when they were heard, and their keys',
  async run(config, args) {
    optionsOf(args)
    await using office = await openOffice(config)
    const now = Date.now()
    const hubs = await office.hubs.hubs()
    if (hubs.length === 0) say('No hub yet. Let one in with: server claim create --name NAME')
    for (const { hubId, name, state, enrolledAt, lastHeardAt } of hubs) {
      say(`${hubId} (${name}): ${state}, paired ${time(enrolledAt)}, heard ${time(lastHeardAt)}`)
      for (const key of await office.hubs.keys(hubId)) {
        const ended = key.validUntil !== null && key.validUntil <= now
        const until = key.validUntil === null ? '' : `, ${ended ? 'ended' : 'good until'} ${time(key.validUntil)}`
        say(`  key ${key.keyId}${words(key.keyId)}: ${key.state}, made ${time(key.createdAt)}${until}`)
      }
    }
    return 0
  },
}

export const hubRevokeCommand: Command = {
  words: 'hub revoke',
  usage:
    '  hub revoke --hub HUB                   refuse everything this hub sends, within 5 seconds; it keeps its records',
  async run(config, args) {
    const { hub } = optionsOf(args, 'hub')
    if (hub === undefined) return complain('hub revoke needs --hub HUB')
    const known = HubId.safeParse(hub)
    if (!known.success) return complain(noSuchHub(hub))
    await using office = await openOffice(config)
    if (!(await office.hubs.revoke(known.data, { by: commandLine, at: office.now() }))) return complain(noSuchHub(hub))
    say(`${hub} is revoked: what it sends is refused from 5 seconds on. It keeps its records.`)
    say(`To let it in again: server claim create --hub ${hub}`)
    return 0
  },
}
