import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { HubDays as HubDaysAnswer } from '#domain/live/hub-days.ts'
import { HubLog, HubRecords } from '#domain/live/hub-log.ts'
import type { Role } from '#domain/live/views.ts'
import { openJournal } from '#server/adapters/sqlite/open-journal.ts'
import type { Journal } from '#server/adapters/sqlite/open-journal.ts'
import { HubDays } from '#server/core/hub-days.ts'
import { hubDayRoutes } from '#server/http/routes/hub-days.ts'
import { hubLogRoutes } from '#server/http/routes/hub-log.ts'
import { hub1, openServerBench, pump1, pumpReport, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'

let bench: ServerBench
let journal: Journal
let app: ServerBench['app']

beforeEach(async () => {
  bench = await openServerBench()
  journal = openJournal(':memory:')
  const { clock, picture } = bench
  const days = new HubDays({ store: journal.hubDays, clock, scheduler: clock, log: pino({ level: 'silent' }) })
  await days.remember([hub1])
  const log = journal.hubLog
  app = await bench.appWithPeople([hubDayRoutes(days, log, clock), hubLogRoutes({ log, picture, clock })])
  bench.heartbeat([pumpReport(pump1)])
})
afterEach(async () => {
  await app.close()
  await bench.close()
  await journal.alarms[Symbol.asyncDispose]()
})

let people = 0
const ask = async (role: Role, method: 'GET' | 'POST', path: string, payload?: object) => {
  const cookie = await bench.signIn(role, `${role}-${(people += 1)}`)
  const url = `/api/v1/hubs/${path}`
  return app.inject({ method, url, headers: { cookie, origin: testOrigin }, ...(payload && { payload }) })
}
const act = (text: string, requestId = `request of ${text}`) => ({ requestId, kind: 'ticket', text })

describe('the log of a hub', () => {
  it('keeps who did what and when, newest first, and marks it in the day of that hub', async () => {
    expect((await ask('engineer', 'POST', `${hub1}/log`, act('Line ticket 4711'))).statusCode).toBe(200)
    bench.clock.advance(60_000)
    const visit = { requestId: 'visit-0001', kind: 'visit', text: 'Router was unplugged' }
    const { entries } = HubLog.parse((await ask('lead', 'POST', `${hub1}/log`, visit)).json())
    expect(entries.map(({ kind, text, at }) => [kind, text, bench.clock.now() - at])).toEqual([
      ['visit', 'Router was unplugged', 0],
      ['ticket', 'Line ticket 4711', 60_000],
    ])
    expect(entries[1]?.by.name).toMatch(/^engineer/)
    const day = HubDaysAnswer.parse((await ask('nurse', 'GET', 'days')).json()).hubs[0]
    expect(day?.acts.map(({ kind }) => kind)).toEqual(['ticket', 'visit'])
    bench.clock.advance(86_400_001)
    expect(HubDaysAnswer.parse((await ask('nurse', 'GET', 'days')).json()).hubs[0]?.acts).toEqual([])
    expect(HubLog.parse((await ask('nurse', 'GET', `${hub1}/log`)).json()).entries).toHaveLength(2)
  })

  it('takes nothing of an unknown hub, without words, or from somebody who manages users', async () => {
    expect((await ask('nurse', 'POST', 'hub-404/log', act('x'))).statusCode).toBe(404)
    expect((await ask('nurse', 'GET', 'hub-404/log')).statusCode).toBe(404)
    expect((await ask('nurse', 'POST', `${hub1}/log`, act('   '))).statusCode).toBe(400)
    expect((await ask('admin', 'POST', `${hub1}/log`, act('y'))).statusCode).toBe(403)
    expect(journal.hubLog.of(hub1, 10)).toEqual([])
  })
})

describe('what a hub sent', () => {
  it('is for engineers, and holds no figure and no word of a vendor', async () => {
    expect((await ask('nurse', 'GET', `${hub1}/records`)).statusCode).toBe(403)
    expect((await ask('lead', 'GET', `${hub1}/records`)).statusCode).toBe(403)
    const answer = await ask('engineer', 'GET', `${hub1}/records`)
    expect(HubRecords.parse(answer.json()).records).toEqual([])
  })
})
