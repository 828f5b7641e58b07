import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { alarmEngine } from '#domain/alarm/engine.ts'
import { AlarmCopies, type AlarmCopySink } from '#server/core/copies/alarm-copies.ts'
import { AlarmCopier, type AlarmCopy } from '#server/core/copies/alarm-copy.ts'
import { hub1, occlusion, openServerBench, pump1, pump2, type ServerBench } from '#test/support/server-bench.ts'

const nurse = { userId: 'u-1' as never, name: 'm.osei' }
const dayMs = 86_400_000

describe('copies of alarms for charts', () => {
  let bench: ServerBench
  let stored: Map<number, AlarmCopy>
  let isDown: boolean
  let said: string[]
  beforeEach(async () => {
    bench = await openServerBench()
    stored = new Map()
    isDown = false
    said = []
  })
  afterEach(() => bench.close())

  const sink: AlarmCopySink = {
    last: async () => {
      if (isDown) throw new Error('down')
      return Math.max(0, ...stored.keys())
    },
    write: async (copies) => {
      if (isDown) throw new Error('down')
      for (const copy of copies) {
        const before = stored.get(copy.position)
        if (before !== undefined) expect(copy).toEqual(before)
        stored.set(copy.position, copy)
      }
    },
  }
  const say = (_facts: object, sentence: string): void => void said.push(sentence)
  const follow = (): AlarmCopies => {
    const copies = new AlarmCopies({
      journal: bench.journal,
      copier: new AlarmCopier(bench.states, alarmEngine),
      sink,
      keptMs: 90 * dayMs,
      clock: bench.clock,
      scheduler: bench.clock,
      log: { debug: say, info: say, warn: say, error: say },
    })
    bench.alarms.onCommitted(() => copies.due())
    copies.due()
    return copies
  }
  const story = async (id: string, pumpId = pump1): Promise<void> => {
    await bench.condition(pumpId, occlusion(id))
    const act = { episodeId: id as never, expectedVersion: 0 }
    await bench.alarms.desk.act(nurse, { ...act, kind: 'accept', requestId: `accept-${id}` })
    await bench.condition(pumpId, occlusion(id, { phase: 'end', state: 'inactive' }))
    const resolved = {
      kind: 'resolve',
      class: 'false',
      finding: 'none',
      note: 'not to be told',
      requestId: `r-${id}`,
    } as const
    await bench.alarms.desk.act(nurse, { ...act, ...resolved, expectedVersion: 1 })
  }
  const phases = (): readonly string[] => [...stored.values()].map(({ episodeId, phase }) => `${episodeId} ${phase}`)

  it('say what happened to an alarm, where, and who did it, by ids and codes alone', async () => {
    await using _ = follow()
    await story('ep-1')
    expect(phases()).toEqual([])
    await bench.clock.advanceAsync(1000)
    expect(phases()).toEqual(['ep-1 opened', 'ep-1 accepted', 'ep-1 ended', 'ep-1 resolved', 'ep-1 closed'])
    const [opened, accepted] = [...stored.values()]
    expect(opened).toMatchObject({
      pumpId: pump1,
      hubId: hub1,
      code: 'occlusion-downstream',
      priority: 'high',
      actor: null,
    })
    expect(accepted).toMatchObject({ actor: 'u-1', code: 'occlusion-downstream' })
    expect(JSON.stringify([...stored.values()])).not.toMatch(/osei|not to be told/)
  })

  it('are written later when the store was away, all of them, and that is said once', async () => {
    await using _ = follow()
    isDown = true
    await story('ep-1')
    await bench.clock.advanceAsync(60_000)
    await story('ep-2', pump2)
    await bench.clock.advanceAsync(60_000)
    expect(said).toHaveLength(1)
    isDown = false
    await bench.clock.advanceAsync(10_000)
    expect(phases()).toHaveLength(10)
    expect(said.at(-1)).toContain('written again')
  })

  it('are the same when a server that starts in the middle of a story makes them, and when they are made once more', async () => {
    const first = follow()
    await bench.condition(pump1, occlusion('ep-1'))
    await bench.clock.advanceAsync(1000)
    await first[Symbol.asyncDispose]()
    // Raised meanwhile: later copies have the priority that it had by then.
    await bench.clock.advanceAsync(20 * 60_000)
    await bench.alarms.tick()
    await story('ep-2', pump2)
    const before = new Map(stored)
    await using _ = follow()
    await bench.clock.advanceAsync(2000)
    expect(phases().slice(0, before.size)).toEqual([...before.values()].map((one) => `${one.episodeId} ${one.phase}`))
    const all = new Map(stored)
    expect(all.size).toBeGreaterThan(before.size + 4)

    stored.clear()
    await using other = follow()
    other.due()
    await bench.clock.advanceAsync(2000)
    expect(stored).toEqual(all)
    // With nothing in memory every single copy is made from the journal's states.
    for await (const entry of bench.journal.readAll(0))
      expect(new AlarmCopier(bench.states, alarmEngine).copy(entry)).toEqual(all.get(entry.position) ?? null)
  })

  it('leave out what is older than the store keeps, and leave nothing waiting', async () => {
    await story('ep-1')
    bench.clock.advance(91 * dayMs)
    const copies = follow()
    await bench.clock.advanceAsync(2000)
    expect(phases()).toEqual([])
    await copies[Symbol.asyncDispose]()
    copies.due()
    await bench.clock.advanceAsync(60_000)
    expect(phases()).toEqual([])
  })
})
