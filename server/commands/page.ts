import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { nodeClock, nodeScheduler } from '../adapters/node-clock.ts'
import { createSqliteAccounts } from '../adapters/sqlite-accounts.ts'
import { openOffice } from '../compose/office.ts'
import { openPagingChannels } from '../compose/paging-channels.ts'
import type { ServerConfig } from '../config.ts'
import { testPage } from '../core/push-desk.ts'
import type { Delivery } from '../core/page-channels.ts'
import { complain, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

const outcomeWords = ({ outcome }: Delivery): string => {
  switch (outcome.is) {
    case 'sent':
      return 'taken'
    case 'timed-out':
      return 'no answer in time'
    case 'undeliverable':
      return `refused: ${outcome.reason}${outcome.gone ? '; nothing is sent there any more' : ''}`
  }
}

const send = async (config: ServerConfig, name: string): Promise<number> => {
  await using office = await openOffice(config)
  const accounts = createSqliteAccounts(office.journal.database, office.journal.change)
  const user = await accounts.userByName(name)
  if (user === null) return complain(`There is no user named ${name}.`)
  using paging = await openPagingChannels({
    config,
    database: office.journal.database,
    change: office.journal.change,
    accounts,
    onCall: office.onCall,
    receipts: { shown: async () => undefined, pressed: async () => undefined },
    reached: () => undefined,
    openPages: () => null,
    origins: () => config.publicOrigins ?? [`http://localhost:${config.port}`],
    clock: nodeClock,
    scheduler: nodeScheduler,
    log: pino({ level: 'silent' }),
  })
  const deliveries = await paging.channels.send(testPage(randomUUID(), nodeClock.now()), user.userId)
  // A server that runs beside takes it over: its alarm that she cannot be reached ends.
  if (isTaken(deliveries)) await office.journal.pages.commit([], { yes: [user], no: [] })
  return report(name, deliveries)
}

/** 0 when something took the page: that is what paging asks for. */
const report = (name: string, deliveries: readonly Delivery[]): number => {
  if (deliveries.length === 0) return complain(`${name} has no device and no hook: nobody can be paged there.`)
  for (const delivery of deliveries) say(`${delivery.channel} ${delivery.address}: ${outcomeWords(delivery)}`)
  return isTaken(deliveries) ? 0 : 1
}

const isTaken = (deliveries: readonly Delivery[]): boolean => deliveries.some(({ outcome }) => outcome.is === 'sent')

export const pageTestCommand: Command = {
  words: 'page test',
  usage:
    '  page test --user NAME                  send a test page to the devices and hooks of a person; says who took it',
  async run(config, args) {
    const { user } = optionsOf(args, 'user')
    return user === undefined ? complain('page test needs --user NAME') : send(config, user)
  },
}
