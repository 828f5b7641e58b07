import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { z } from 'zod'
import { isBelowNodeFloor, nodeFloor } from '#domain/node-floor.ts'
import { HubId } from '#domain/ids.ts'
import { Role } from '#domain/live/views.ts'
import { openOffice, startServer } from './compose.ts'
import { loadConfig } from './config.ts'
import type { ServerConfig } from './config.ts'
import { isServerError } from './core/errors.ts'

const usage = `Usage: server [command]

  run                                    start the server (default)
  user add --name NAME --role ROLE       make an account; prints its password once
                                         roles: ${Role.options.join(', ')}
  claim create --name "Home 1"           let a new hub in; prints claim id and code, good for 10 minutes
  claim create --name Fleet --count 50   let many hubs in; prints one claimId:code a line
  claim create --hub HUB                 let a known hub in again with a new key; its old keys end then
  hub list                               hubs, when they were heard, and their keys
  hub revoke --hub HUB                   refuse everything this hub sends, within 5 seconds; it keeps its records
  --help                                 this text

Settings come from the environment: docs/configuration.md.
`

const forcedEndMs = 8000

const say = (text: string): void => void process.stdout.write(`${text}\n`)
const complain = (text: string): number => {
  process.stderr.write(`${text}\n`)
  return 1
}

const run = async (config: ServerConfig): Promise<number> => {
  const log = pino({
    level: config.logLevel,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  })
  if (process.env['NODE_ENV'] === 'production' && isBelowNodeFloor(process.version))
    log.warn({ node: process.version, needed: nodeFloor }, 'this Node lacks security fixes')
  const ended = new Promise<NodeJS.Signals>((resolve) => {
    // A terminal and npm may both pass a signal on: the first one counts.
    process.on('SIGTERM', resolve)
    process.on('SIGINT', resolve)
  })
  const server = await startServer(config, version(), log)
  const signal = await ended
  log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), forcedEndMs).unref()
  await server[Symbol.asyncDispose]()
  log.info({}, 'stopped')
  return 0
}

const addUser = async (config: ServerConfig, name: string | undefined, role: string | undefined): Promise<number> => {
  const wanted = z.object({ name: z.string().trim().min(1).max(64), role: Role }).safeParse({ name, role })
  if (!wanted.success)
    return complain(wanted.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
  await using office = await openOffice(config)
  const added = await office.users.add(wanted.data.name, wanted.data.role)
  if (added === null) return complain(`There is a user named ${wanted.data.name} already.`)
  say(
    `Name:     ${wanted.data.name}\nRole:     ${wanted.data.role}\nPassword: ${added.password}\nIt is not shown again.`,
  )
  return 0
}

const createClaim = async (
  config: ServerConfig,
  name: string | undefined,
  hub: string | undefined,
  count: string | undefined,
): Promise<number> => {
  if ((name === undefined) === (hub === undefined))
    return complain('claim create needs either --name for a new hub or --hub for a known one')
  if (name !== undefined && (name.trim() === '' || name.length > 64)) return complain('--name: 1 to 64 characters')
  if (count !== undefined) return createClaims(config, name, count)
  const known = hub === undefined ? null : HubId.safeParse(hub)
  if (known?.success === false) return complain(noSuchHub(hub))
  await using office = await openOffice(config)
  const claim = await office.createClaim(name?.trim() ?? '', known?.data ?? null)
  if (claim === null) return complain(noSuchHub(hub))
  say(
    `Hub:   ${claim.hubId}${name === undefined ? '' : ` (${name.trim()})`}\nClaim: ${claim.claimId}\nCode:  ${claim.code}\nGood for 10 minutes and one hub.`,
  )
  return 0
}

const mostClaims = 1000

const createClaims = async (config: ServerConfig, name: string | undefined, count: string): Promise<number> => {
  if (name === undefined) return complain('--count makes claims for new hubs: it goes with --name')
  const wanted = Number(count)
  if (!/^\d+$/.test(count) || wanted < 1 || wanted > mostClaims)
    return complain(`--count: a whole number from 1 to ${mostClaims}`)
  await using office = await openOffice(config)
  for (let number = 1; number <= wanted; number += 1) {
    const claim = await office.createClaim(`${name.trim()} ${number}`.slice(-64), null)
    if (claim !== null) say(`${claim.claimId}:${claim.code}`)
  }
  return 0
}

const noSuchHub = (hub: string | undefined): string => `There is no hub "${hub ?? ''}". See: server hub list`

const time = (at: number | null): string => (at === null ? 'never' : new Date(at).toISOString())

const listHubs = async (config: ServerConfig): Promise<number> => {
  await using office = await openOffice(config)
  const now = Date.now()
  const hubs = await office.hubs.hubs()
  if (hubs.length === 0) say('No hub yet. Let one in with: server claim create --name NAME')
  for (const { hubId, name, state, enrolledAt, lastHeardAt } of hubs) {
    say(`${hubId} (${name}): ${state}, paired ${time(enrolledAt)}, heard ${time(lastHeardAt)}`)
    for (const key of await office.hubs.keys(hubId)) {
      const ended = key.validUntil !== null && key.validUntil <= now
      const until = key.validUntil === null ? '' : `, ${ended ? 'ended' : 'good until'} ${time(key.validUntil)}`
      say(`  key ${key.keyId}: ${key.state}, made ${time(key.createdAt)}${until}`)
    }
  }
  return 0
}

const revokeHub = async (config: ServerConfig, hub: string | undefined): Promise<number> => {
  if (hub === undefined) return complain('hub revoke needs --hub HUB')
  const known = HubId.safeParse(hub)
  if (!known.success) return complain(noSuchHub(hub))
  await using office = await openOffice(config)
  if (!(await office.hubs.revoke(known.data))) return complain(noSuchHub(hub))
  say(`${hub} is revoked: what it sends is refused from 5 seconds on. It keeps its records.`)
  say(`To let it in again: server claim create --hub ${hub}`)
  return 0
}

const version = (): string => {
  const file = join(import.meta.dirname, '..', 'package.json')
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version
}

const command = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      name: { type: 'string' },
      role: { type: 'string' },
      hub: { type: 'string' },
      count: { type: 'string' },
    },
  })
  if (values.help === true) {
    say(usage)
    return 0
  }
  const loaded = loadConfig(process.env)
  if (!loaded.ok) return complain(`The settings cannot be used:\n  ${loaded.problems.join('\n  ')}`)
  switch (positionals.join(' ')) {
    case '':
    case 'run':
      return run(loaded.config)
    case 'user add':
      return addUser(loaded.config, values.name, values.role)
    case 'claim create':
      return createClaim(loaded.config, values.name, values.hub, values.count)
    case 'hub list':
      return listHubs(loaded.config)
    case 'hub revoke':
      return revokeHub(loaded.config, values.hub)
    default:
      return complain(`There is no command "${positionals.join(' ')}".\n\n${usage}`)
  }
}

// Databases and secrets are for this account alone.
process.umask(0o077)

try {
  process.exitCode = await command(process.argv.slice(2))
} catch (error) {
  const unknownOption = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (unknownOption) process.exitCode = complain(`${error.message}\n\n${usage}`)
  else if (isServerError(error)) process.exitCode = complain(error.message)
  else throw error
}
