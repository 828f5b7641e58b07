import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keepEveryEvents } from '#server/core/state-keeper.ts'
import { occlusion, openServerBench, pump1, type ServerBench } from '#test/support/server-bench.ts'

describe('states beside the journal', () => {
  let bench: ServerBench
  beforeEach(async () => {
    bench = await openServerBench()
  })
  afterEach(() => bench.close())

  const subject = { kind: 'pump', pumpId: pump1 } as const
  const lists = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) await bench.snapshot(pump1, [occlusion('ep-1')])
  }

  it('are kept in the background after so many events, and a start begins there', async () => {
    await lists(keepEveryEvents + 20)
    expect(bench.states.latest(subject)).toBeNull()
    bench.clock.advance(1000)
    const kept = bench.states.latest(subject)
    expect(kept?.version).toBeGreaterThanOrEqual(keepEveryEvents)
    await lists(3)
    expect(bench.states.tail(subject, kept?.version ?? 0)).toHaveLength(3)
    const { picture } = await bench.restarted()
    expect(picture.openAlarms()).toEqual(bench.picture.openAlarms())
  })

  it('carry the closed alarms over a start', async () => {
    const act = { kind: 'resolve', class: 'false', finding: 'none', note: '', expectedVersion: 0 } as const
    for (const id of ['ep-1', 'ep-2']) {
      await bench.condition(pump1, occlusion(id))
      await bench.condition(pump1, occlusion(id, { phase: 'end', state: 'inactive' }))
      await bench.alarms.desk.act(
        { userId: 'u-1' as never, name: 'm.osei' },
        { ...act, requestId: `request-${id}`, episodeId: id as never },
      )
      bench.clock.advance(120_000)
      if (id === 'ep-1') await lists(keepEveryEvents)
      if (id === 'ep-1') await bench.snapshot(pump1, [])
      bench.clock.advance(1000)
    }
    const before = bench.alarms.desk.list({ state: 'closed', limit: 10 })
    const { alarms } = await bench.restarted()
    expect(before.map(({ episodeId }) => episodeId)).toContain('ep-1')
    expect(alarms.desk.list({ state: 'closed', limit: 10 })).toEqual(before)
    expect((await alarms.desk.detail('ep-1' as never))?.history.map(({ what }) => what)).toContain('opened')
  })
})
