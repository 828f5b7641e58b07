import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, eventuallyPasses } from '#test/support/eventually.ts'
import { LiveClient } from '#test/support/live-bench.ts'
import { System } from '#test/support/system.ts'
import type { AlarmView } from '#domain/live/views.ts'
import type { Nurse } from '#test/support/nurse.ts'

// Pumps that restart, die or lose their cable while they alarm, and people who answer the same alarm at the same moment.

const pumps = [
  { id: 'SIM-0001', protocol: 'ip1', wire: 'serial' },
  { id: 'SIM-0005', protocol: 'mqtt-json', wire: 'mqtt' },
  { id: '8002-00003', protocol: 'alaris-acp', wire: 'serial' },
] as const
const ids = pumps.map(({ id }) => id)
const cassetteCodes: readonly string[] = ['cassette-detached', 'set-not-seated']

let system: System
let nurse: Nurse

beforeAll(async () => {
  system = await System.start({ pumps })
  nurse = await system.signIn('nurse')
})
afterAll(() => system?.[Symbol.asyncDispose]())

const act = async (...acts: readonly string[]): Promise<void> => {
  for (const name of acts) for (const id of ids) await system.act(id, name)
}
const cassettes = async (): Promise<readonly AlarmView[]> =>
  [...(await nurse.openAlarms()), ...(await nurse.closedAlarms())].filter(({ code }) => cassetteCodes.includes(code))

const pumpsOf = (alarms: readonly AlarmView[]): readonly string[] =>
  alarms.map(({ pumpId }) => String(pumpId)).toSorted()

/** Over at the pump; latched while nobody has taken it. */
const over: readonly AlarmView['condition'][] = ['ended', 'latched']

/** Each pump has one such alarm, and it is in one of these states. */
const allAre = async (conditions: readonly AlarmView['condition'][], within: number): Promise<void> =>
  eventuallyPasses(
    async () => {
      const all = await cassettes()
      expect(pumpsOf(all)).toEqual([...ids].toSorted())
      for (const { condition } of all) expect(conditions).toContain(condition)
    },
    { within, every: 100 },
  )

const links = async (state: string, within: number): Promise<void> =>
  eventuallyPasses(async () => expect((await nurse.pumps()).map(({ link }) => link)).toEqual(ids.map(() => state)), {
    within,
    every: 100,
  })

describe('two people who accept at the same moment, over REST and over the live feed', () => {
  it('are one winner and one who is told who it was, and a killed server remembers', async () => {
    await act('cassette-off')
    await allAre(['active'], 8_000)
    const lead = await system.signIn('lead')
    const feed = new LiveClient(system.url, { cookie: lead.cookie, origin: system.url })
    try {
      await eventually(() => feed.socket.connected)
      feed.hello(null)
      await eventually(() => feed.snapshots.length > 0)
      const outcomes = await Promise.all(
        (await cassettes()).map(async ({ episodeId, version }, place) => {
          const expectedVersion = version
          const rest = async (): Promise<number> => {
            const body = { requestId: `nurse-${episodeId}`.slice(0, 64), expectedVersion }
            return (await nurse.request('POST', `/alarms/${episodeId}/accept`, body)).status
          }
          const live = async () =>
            feed.command({ kind: 'accept', requestId: `lead-${episodeId}`.slice(0, 64), episodeId, expectedVersion })
          const both = place % 2 === 0 ? ([rest(), live()] as const) : ([live(), rest()] as const)
          const answers = await Promise.all(both)
          const status = answers.find((answer) => typeof answer === 'number')
          const reply = answers.find((answer) => typeof answer !== 'number')
          return { episodeId, status, reply }
        }),
      )
      for (const { episodeId, status, reply } of outcomes) {
        expect([status, reply?.outcome]).toSatisfy(
          ([code, outcome]: readonly unknown[]) =>
            (code === 200 && outcome === 'conflict') || (code === 409 && outcome === 'ok'),
        )
        const { alarm, history } = await nurse.alarm(episodeId)
        expect(alarm.owner?.name).toBe((status === 200 ? await nurse.me() : await lead.me()).name)
        expect(history.filter(({ what }) => what === 'accepted')).toHaveLength(1)
      }
      const owners = async (): Promise<readonly string[]> =>
        (await cassettes()).map(({ episodeId, owner }) => `${episodeId} ${owner?.name}`).toSorted()
      const before = await owners()
      await system.server.kill('SIGKILL')
      await system.startServer()
      expect(await owners()).toEqual(before)
    } finally {
      feed.socket.disconnect()
    }
  })
})

describe('a pump that alarms', () => {
  it('and restarts has still its one alarm, active', async () => {
    const rebooted = Date.now()
    await act('reboot')
    await eventuallyPasses(
      async () => {
        for (const { sampledAt } of await nurse.pumps()) expect(sampledAt).toBeGreaterThan(rebooted + 2_500)
      },
      { within: 8_000, every: 100 },
    )
    await allAre(['active'], 5_000)
  })

  it('and loses its cable is unverified; back and still alarming it is active, back and mended it has ended', async () => {
    await act('unplug')
    await allAre(['unverified'], 15_000)
    await act('replug')
    await allAre(['active'], 10_000)
    await act('unplug')
    await allAre(['unverified'], 15_000)
    await act('cassette-on', 'resume', 'replug')
    await allAre(over, 10_000)
    await links('up', 5_000)
  })

  it('and dies is unverified until it lives again: what it does not alarm any more has ended unseen', async () => {
    await act('cassette-off')
    await allAre(['active'], 8_000)
    await act('power-off')
    await links('lost', 15_000)
    await allAre(['unverified'], 5_000)
    await act('cassette-on', 'power-on')
    await allAre(over, 10_000)
    expect((await cassettes()).map(({ endUnobserved }) => endUnobserved)).toEqual(ids.map(() => true))
    await eventuallyPasses(
      async () => {
        const lost = (await nurse.openAlarms()).filter(({ code }) => code === 'link-lost-pump')
        expect(pumpsOf(lost)).toEqual([...ids].toSorted())
        for (const { condition } of lost) expect(over).toContain(condition)
      },
      { within: 10_000, every: 100 },
    )
  })
})
