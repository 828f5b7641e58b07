import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EpisodeId } from '#domain/ids.ts'
import type { LiveCommand } from '#domain/live/messages.ts'
import type { Person } from '#domain/live/views.ts'
import { flushMicrotasks } from '#test/support/manual-clock.ts'
import { ito, lind, openPagerBench, osei, type PagerBench } from '#test/support/pager-bench.ts'
import { occlusion, pump1 } from '#test/support/server-bench.ts'
import { byAdmin } from '#test/support/acts.ts'

let bench: PagerBench

beforeEach(async () => {
  bench = await openPagerBench()
  for (const { userId, name } of [osei, ito, lind])
    await bench.store.addUser({ userId, name, role: 'nurse', passwordHash: 'hash of x', disabled: false }, byAdmin)
  await bench.condition(pump1, occlusion('ep-1'))
  await flushMicrotasks()
})
afterEach(() => bench.close())

/** As the server does it: alarms are told of time once a second, pages are looked for all the time. */
const pass = async (seconds: number): Promise<void> => {
  for (let passed = 0; passed < seconds; passed += 5) {
    await bench.pass(5_000)
    await bench.service.tick()
    await flushMicrotasks()
  }
}

type Act = LiveCommand extends infer C
  ? C extends LiveCommand
    ? Omit<C, 'requestId' | 'episodeId' | 'expectedVersion'>
    : never
  : never

let requests = 0
const act = async (by: Person, what: Act): Promise<void> => {
  const [alarm] = bench.wall.openAlarms()
  const about = { requestId: `request-${(requests += 1)}`, episodeId: EpisodeId.parse('ep-1') }
  const command: LiveCommand = { ...about, expectedVersion: alarm?.version ?? 0, ...what }
  expect((await bench.service.desk.act(by, command)).outcome).toBe('ok')
  await flushMicrotasks()
}
const told = (): readonly string[] =>
  bench.channels.sent.splice(0).map(({ page, userId }) => `${page.kind} ${userId.slice(2)}`)

describe('somebody who took a high alarm', () => {
  it('is reminded every 180 s of her acceptance, whatever she offers meanwhile', async () => {
    await act(osei, { kind: 'accept' })
    told()
    await pass(170)
    await act(osei, { kind: 'hand-over', to: ito.userId })
    await pass(5)
    expect(told()).toEqual([])
    await pass(5)
    expect(told()).toEqual(['reminder m.osei'])
  })

  it('is paged when she misses her check-in, and everybody is asked again 60 s later', async () => {
    await act(osei, { kind: 'accept' })
    await pass(295)
    told()
    await pass(5)
    await bench.pass(300)
    expect(told()).toEqual(['reminder m.osei'])
    await pass(60)
    await bench.pass(300)
    expect(told()).toEqual(['alarm m.osei'])
    expect(bench.wall.openAlarms()[0]).toMatchObject({ response: 'new', formerOwner: { person: osei } })
    await pass(120)
    expect(told()).toContain('alarm k.ito')
  })

  it('keeps it as long as she says so', async () => {
    await act(osei, { kind: 'accept' })
    for (let round = 0; round < 6; round += 1) {
      await pass(240)
      await act(osei, { kind: 'check-in' })
    }
    expect(bench.wall.openAlarms()[0]).toMatchObject({ owner: osei })
    expect(told().filter((line) => line !== 'reminder m.osei')).toEqual(['alarm m.osei'])
  })

  it('has the same time left after a restart', async () => {
    await act(osei, { kind: 'accept' })
    await pass(200)
    await bench.restart()
    await pass(95)
    expect(bench.wall.openAlarms()[0]).toMatchObject({ owner: osei, checkInMissedAt: null })
    await pass(5)
    expect(bench.wall.openAlarms()[0]?.checkInMissedAt).not.toBeNull()
    await bench.restart()
    await pass(55)
    expect(bench.wall.openAlarms()[0]).toMatchObject({ owner: osei })
    await pass(5)
    expect(bench.wall.openAlarms()[0]).toMatchObject({ owner: null })
  })

  it('asks a named colleague to join a flood: the page, the alarm and its story say how many alarms there are', async () => {
    await bench.pass(300)
    bench.channels.sent.splice(0)
    await act(osei, { kind: 'escalate', to: lind.userId, flood: 14 })
    await bench.pass(300)
    expect(bench.channels.sent).toMatchObject([{ userId: lind.userId, page: { kind: 'escalation', flood: 14 } }])
    expect(bench.wall.openAlarms()[0]?.escalated).toMatchObject({ by: osei, to: lind, flood: 14 })
    expect(bench.wall.snapshot().paged[0]?.beyond).toContainEqual({ userId: lind.userId, place: 'lead' })
    const detail = await bench.service.desk.detail(EpisodeId.parse('ep-1'))
    expect(detail?.history.at(-1)).toMatchObject({
      what: 'notification-escalated',
      detail: { to: 'j.lind', flood: 14 },
    })
    await bench.restart()
    expect(bench.wall.openAlarms()[0]?.escalated?.flood).toBe(14)
  })

  it('has others paged at once when she asks for them, and keeps it', async () => {
    await act(osei, { kind: 'accept' })
    told()
    await act(osei, { kind: 'escalate', to: null })
    await bench.pass(300)
    await act(osei, { kind: 'escalate', to: lind.userId })
    await bench.pass(300)
    expect(told()).toEqual(['escalation k.ito', 'escalation j.lind'])
    expect(bench.channels.ended.filter((line) => line.endsWith('accepted'))).toEqual(['n-1 accepted'])
    await bench.restart()
    await bench.pass(20_000)
    expect(told()).toEqual([])
    expect(bench.wall.openAlarms()[0]).toMatchObject({ owner: osei, priority: 'high', escalated: { to: lind } })
  })
})
