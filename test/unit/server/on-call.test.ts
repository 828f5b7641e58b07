import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UserId } from '#domain/ids.ts'
import type { Role } from '#domain/live/views.ts'
import { TeamId, defaultTeam } from '#domain/on-call/duty.ts'
import { Weekday } from '#domain/on-call/local-time.ts'
import type { RotaEntry } from '#domain/on-call/rota.ts'
import { instant } from '#domain/time.ts'
import { demoRota } from '#server/core/demo-rota.ts'
import { seesOnly } from '#server/core/on-call-now.ts'
import { RotaGapAlarms } from '#server/core/rota-gap-alarms.ts'
import { eventually } from '#test/support/eventually.ts'
import { openServerBench, pump1, testOrigin } from '#test/support/server-bench.ts'
import type { ServerBench } from '#test/support/server-bench.ts'
import { byAdmin } from '#test/support/acts.ts'

let bench: ServerBench

const hour = 3_600_000
const north = TeamId.parse('north')
const osei = UserId.parse('u-m.osei')
const lind = UserId.parse('u-j.lind')
const adu = UserId.parse('u-k.adu')
const by = { userId: UserId.parse('u-test'), name: 'test' }

const entry = (from: string, to: string, userId: UserId, changes: Partial<RotaEntry> = {}): RotaEntry => ({
  weekdays: [...Weekday.options],
  from,
  to,
  place: 'primary',
  userId,
  ...changes,
})
const rota = (entries: readonly RotaEntry[]) => ({ timeZone: 'Europe/Berlin', entries: [...entries], overrides: [] })

/** It is Monday, 09:00 in Berlin. */
beforeEach(async () => {
  bench = await openServerBench()
  await bench.signIn('nurse', 'm.osei')
  await bench.signIn('lead', 'j.lind')
  await bench.signIn('nurse', 'k.adu')
  await bench.onCall.refresh()
})
afterEach(() => bench.close())

const call = async (as: readonly [Role, string], method: 'GET' | 'PUT', url: string, payload?: object) => {
  const cookie = await bench.signIn(...as)
  const given = payload === undefined ? {} : { payload }
  return bench.app.inject({ method, url: `/api/v1${url}`, headers: { cookie, origin: testOrigin }, ...given })
}
const lead = ['lead', 'j.lind'] as const
const nurse = ['nurse', 'm.osei'] as const
const admin = ['admin', 'a.novak'] as const

describe('who is on call', () => {
  it('is answered from memory, by the clock of the team, from one shift to the next', async () => {
    await bench.onCall.setRota(by, defaultTeam, 0, rota([entry('07:00', '19:00', osei), entry('19:00', '07:00', lind)]))
    const now = bench.clock.now()
    expect(bench.onCall.duty(defaultTeam, now).primary?.name).toBe('m.osei')
    expect(bench.onCall.nextChange(defaultTeam)).toBe(now + 10 * hour)
    expect(bench.onCall.duty(defaultTeam, instant(now + 10 * hour)).primary?.name).toBe('j.lind')
    expect(bench.onCall.duty(defaultTeam, now)).toMatchObject({ backup: null, lead: null })
  })

  it('of an unknown team is who is on call in the default one', async () => {
    await bench.onCall.setRota(by, defaultTeam, 0, rota([entry('00:00', '00:00', osei)]))
    expect(bench.onCall.duty(TeamId.parse('west'), bench.clock.now()).primary?.name).toBe('m.osei')
  })

  it('stays right over months without a change of the rota, also after the clock stepped', async () => {
    await bench.onCall.setRota(by, defaultTeam, 0, rota([entry('07:00', '19:00', osei), entry('19:00', '07:00', lind)]))
    for (const days of [0, 3, 30, 90, -5, 200]) {
      const at = instant(Date.UTC(2026, 0, 5 + days, 12))
      expect([days, bench.onCall.duty(defaultTeam, at).primary?.name]).toEqual([days, 'm.osei'])
    }
  })

  it('is nobody once the account is disabled', async () => {
    await bench.onCall.setRota(by, defaultTeam, 0, rota([entry('00:00', '00:00', osei)]))
    await bench.store.setDisabled(osei, true, byAdmin)
    await bench.onCall.refresh()
    expect(bench.onCall.duty(defaultTeam, bench.clock.now()).primary).toBeNull()
    expect(bench.onCall.gapsAhead(defaultTeam, hour)).toHaveLength(1)
  })

  it('of two who change a rota at once, one is told', async () => {
    expect(await bench.onCall.setRota(by, defaultTeam, 0, rota([]))).toBe(true)
    expect(await bench.onCall.setRota(by, defaultTeam, 0, rota([entry('00:00', '00:00', osei)]))).toBe(false)
    expect(bench.onCall.team(defaultTeam)?.rota).toMatchObject({ version: 1, rota: { entries: [] } })
  })

  it('in the demonstration is its nurse, then its lead, round the clock, unless somebody made another rota', async () => {
    await demoRota(bench.onCall, 'UTC')
    expect(bench.onCall.duty(defaultTeam, bench.clock.now())).toMatchObject({
      primary: { name: 'm.osei' },
      backup: { name: 'j.lind' },
      lead: { name: 'j.lind' },
    })
    expect(bench.onCall.gapsAhead(defaultTeam, 8 * 24 * hour)).toEqual([])
    await bench.onCall.setRota(by, defaultTeam, 1, rota([]))
    await demoRota(bench.onCall, 'UTC')
    expect(bench.onCall.team(defaultTeam)?.rota?.version).toBe(2)
  })
})

const watch = () =>
  new RotaGapAlarms({
    ...bench,
    aheadMs: 12 * hour,
    scheduler: bench.clock,
    simulated: false,
    newEpisodeId: bench.newEpisodeId,
  })
const open = () => bench.picture.openAlarms().map(({ code, vendorText, condition }) => [code, vendorText, condition])

describe('a gap of a rota', () => {
  it('is an alarm of the site 12 h before, says from when to when, and ends when it is closed', async () => {
    await bench.onCall.setRota(by, defaultTeam, 0, rota([entry('07:00', '22:00', osei)]))
    const gaps = watch()
    await gaps.check()
    expect(open()).toEqual([])
    bench.clock.advance(2 * hour)
    await gaps.check()
    expect(open()).toEqual([
      ['rota-gap', 'Everybody: nobody is primary on call from Mon 22:00 until Tue 07:00 (Europe/Berlin)', 'active'],
    ])
    bench.clock.advance(12 * hour)
    await gaps.check()
    expect(open()).toEqual([
      ['rota-gap', 'Everybody: nobody is primary on call now, until Tue 07:00 (Europe/Berlin)', 'active'],
    ])
    await bench.onCall.setRota(by, defaultTeam, 1, rota([entry('07:00', '22:00', osei), entry('22:00', '07:00', adu)]))
    await gaps.check()
    expect(open().map(([, , condition]) => condition)).toEqual(['ended'])
  })

  it('ends after a restart, too, if it was closed meanwhile', async () => {
    await bench.onCall.setRota(by, defaultTeam, 0, rota([]))
    await watch().check()
    await bench.onCall.setRota(by, defaultTeam, 1, rota([entry('00:00', '00:00', osei)]))
    await watch().check()
    expect(open().map(([, , condition]) => condition)).toEqual(['ended'])
  })

  it('is told once for each team, and again when the journal could not write it', async () => {
    await bench.onCall.addTeam(by, north, 'North')
    await bench.onCall.setRota(by, north, 0, rota([]))
    await bench.onCall.setRota(by, defaultTeam, 0, rota([]))
    const gaps = watch()
    bench.faults.journal = 'SRV_JOURNAL_UNAVAILABLE'
    await gaps.check()
    expect(open()).toEqual([])
    bench.faults.journal = null
    await gaps.check()
    await gaps.check()
    expect(open()).toHaveLength(2)
  })

  it('is looked for every minute', async () => {
    await bench.onCall.setRota(by, defaultTeam, 0, rota([entry('07:00', '22:00', osei)]))
    using gaps = watch()
    await gaps.start()
    bench.clock.stepWall(5 * hour)
    bench.clock.advance(60_000)
    await eventually(() => open().length === 1)
  })

  it('of a team that never had a rota is no alarm: the screen says that nobody is paged', async () => {
    await watch().check()
    expect(open()).toEqual([])
    expect((await call(nurse, 'GET', '/on-call')).json()).toMatchObject({ teams: [{ timeZone: null, gaps: [] }] })
  })
})

describe('rota and teams over HTTP', () => {
  it.each([
    ['nurse', 200, 403, 403],
    ['lead', 200, 200, 403],
    ['engineer', 403, 403, 403],
    ['admin', 200, 200, 200],
  ] as const)('%s: reads %i, edits the rota %i, makes a team %i', async (role, reads, edits, makes) => {
    const as = [role, role] as const
    expect((await call(as, 'GET', '/on-call')).statusCode).toBe(reads)
    expect((await call(as, 'GET', '/teams')).statusCode).toBe(reads)
    const body = { expectedVersion: 0, rota: rota([entry('00:00', '00:00', osei)]) }
    expect((await call(as, 'PUT', '/teams/all/rota', body)).statusCode).toBe(edits)
    expect((await call(as, 'PUT', '/teams/north', { name: 'North' })).statusCode).toBe(makes)
  })

  it('a lead edits her own team; a foreign one is not there', async () => {
    await call(admin, 'PUT', '/teams/north', { name: 'North' })
    const body = { expectedVersion: 0, rota: rota([entry('00:00', '00:00', osei)]) }
    expect((await call(lead, 'PUT', '/teams/north/rota', body)).statusCode).toBe(404)
    expect((await call(lead, 'GET', '/teams/north/rota')).statusCode).toBe(404)
    await call(admin, 'PUT', '/teams/north/members', { userIds: [lind, osei] })
    expect((await call(lead, 'PUT', '/teams/north/rota', body)).statusCode).toBe(200)
    expect((await call(lead, 'PUT', '/teams/north/rota', body)).statusCode).toBe(409)
    expect((await call(lead, 'GET', '/on-call')).json()).toMatchObject({
      teams: [{ teamId: 'north', duty: { primary: { name: 'm.osei' } }, gaps: [] }],
      reachability: [{ person: { name: 'm.osei' }, reach: 'unknown' }],
    })
  })

  it('an engineer is never on call, nor is a stranger, nor two people at once', async () => {
    await bench.signIn('engineer', 'r.costa')
    await bench.onCall.refresh()
    for (const userId of ['u-r.costa', 'u-nobody']) {
      const body = { expectedVersion: 0, rota: rota([entry('00:00', '00:00', UserId.parse(userId))]) }
      const answer = await call(lead, 'PUT', '/teams/all/rota', body)
      expect(answer.json()).toMatchObject({
        status: 400,
        errors: [{ message: `${userId} is nobody who can be on call` }],
      })
    }
    const twice = rota([entry('00:00', '00:00', osei), entry('08:00', '09:00', adu)])
    const answer = await call(lead, 'PUT', '/teams/all/rota', { expectedVersion: 0, rota: twice })
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ message: expect.stringContaining('overlap') }] })
  })

  it('an assignment goes to a team that exists, and only of the lead who makes it', async () => {
    const details = { label: null, therapy: null, criticality: 'standard', timeZone: null, plan: null }
    const put = (teamId: string) =>
      call(lead, 'PUT', `/assignments/${pump1}`, { ...details, teamId, expectedVersion: 0 })
    expect((await put('north')).statusCode).toBe(400)
    await call(admin, 'PUT', '/teams/north', { name: 'North' })
    expect((await put('north')).statusCode).toBe(404)
    expect((await put('all')).statusCode).toBe(200)
    await call(admin, 'PUT', '/teams/north/members', { userIds: [lind] })
    expect((await put('north')).statusCode).toBe(404)
  })
})

const told = async (as: readonly [Role, string]) => (await call(as, 'GET', '/on-call')).json().seesOnly

describe('whose pumps and alarms somebody sees', () => {
  it('is everything while there is one team, and her own teams by name once there are others with people in them', async () => {
    expect(await told(nurse)).toBeNull()
    await bench.onCall.addTeam(by, north, 'North')
    await bench.onCall.setMembers(by, north, [osei])
    // Only she belongs to a team, and nobody is in another one.
    expect(await told(nurse)).toBeNull()
    expect(await told(['nurse', 'k.adu'])).toEqual([])
    const south = TeamId.parse('south')
    await bench.onCall.addTeam(by, south, 'South')
    expect(await told(nurse)).toBeNull()
    await bench.onCall.setMembers(by, south, [lind])
    expect(await told(nurse)).toEqual(['North'])
    expect(await told(lead)).toEqual(['South'])
  })

  it('is everything for whoever repairs the hubs', async () => {
    await bench.onCall.addTeam(by, north, 'North')
    await bench.onCall.setMembers(by, north, [osei])
    expect(seesOnly(bench.onCall, { userId: UserId.parse('u-e.roy'), role: 'engineer' })).toBeNull()
  })
})
