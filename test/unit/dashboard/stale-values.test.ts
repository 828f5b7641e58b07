import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PumpId } from '#domain/ids.ts'
import { valueLook } from '#dashboard/core/freshness.ts'
import { freshnessOf } from '#dashboard/ui/pump-freshness.ts'
import { LiveStore } from '#dashboard/ui/state/live-store.ts'
import { alarmOf, pumpOf, someTime } from '#test/support/live-fixtures.ts'
import type { PumpView } from '#domain/live/views.ts'

const id = PumpId.parse('P-1')
const interval = 2_000

/** A page at local time 0 that just had its first picture. */
const openPage = (pump: Partial<PumpView> = {}, alarms: readonly ReturnType<typeof alarmOf>[] = []) => {
  const live = new LiveStore()
  live.start(0)
  const view = pumpOf(id, { sampledAt: someTime, statusIntervalMs: interval, ...pump })
  live.take({ kind: 'snapshot', serverAt: someTime, alarms, pumps: [view], hubs: [], paged: [] }, 0)
  live.take({ kind: 'beat', serverAt: someTime, build: 'test' }, 0)
  const look = () => {
    const shown = live.pump(id)
    if (shown === null) throw new Error('no pump')
    return freshnessOf({ live }, shown).look
  }
  const beatTo = (ms: number) => live.take({ kind: 'beat', serverAt: someTime + ms, build: 'test' }, ms)
  return { live, view, look, beatTo }
}

describe('W8: a stale drawing and a stale alarm know nothing of each other', () => {
  it('an old value is stale without any alarm, and a fresh one is fresh beside an alarm that says "not heard"', () => {
    const quiet = openPage()
    quiet.beatTo(7_000)
    expect(quiet.look()).toBe('stale')
    const alarmed = openPage({}, [alarmOf('lost', { pumpId: id, code: 'link-lost-pump', condition: 'unverified' })])
    alarmed.beatTo(1_000)
    expect(alarmed.look()).toBe('fresh')
  })

  it('the judgement of a value reads no alarm, and none of the code that raises them', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../dashboard/src/core/freshness.ts'), 'utf8')
    expect(source.match(/^import .*/gm)).toBeNull()
    expect(source).not.toMatch(/alarm|link-lost/)
  })

  it('turns old by time alone, also when nothing comes but heartbeats', () => {
    const page = openPage()
    const looks = [1_000, 5_200, 7_200].map((ms) => (page.beatTo(ms), page.look()))
    expect(looks).toEqual(['fresh', 'aged', 'stale'])
  })

  it('stays stale when the same reading is told again', () => {
    const page = openPage()
    page.beatTo(7_000)
    page.live.take({ kind: 'telemetry', samples: [page.view] }, 7_000)
    expect(page.look()).toBe('stale')
  })

  it('is judged anew on every change of mode: not live, live again, asleep, another picture', () => {
    const page = openPage()
    page.live.tick(11_000)
    expect([page.live.link.value, page.look()]).toEqual(['not-live', 'stale'])
    // back, and the pump has spoken meanwhile
    page.beatTo(12_000)
    page.live.take({ kind: 'telemetry', samples: [{ ...page.view, sampledAt: someTime + 11_800 }] }, 12_000)
    expect(page.look()).toBe('fresh')
    // back, and it has not
    page.live.take({ kind: 'asleep', unseenMs: 60_000 }, 12_500)
    page.live.take({ kind: 'beat', serverAt: someTime + 72_500, build: 'test' }, 12_600)
    expect(page.look()).toBe('stale')
    // another picture brings a newer reading
    const pumps = [{ ...page.view, sampledAt: someTime + 72_400 }]
    page.live.take({ kind: 'snapshot', serverAt: someTime + 72_500, alarms: [], pumps, hubs: [], paged: [] }, 12_700)
    expect(page.look()).toBe('fresh')
  })

  it('has no middle between "never" and a value: a pump that was not heard has no age', () => {
    expect(valueLook(null, interval)).toBe('never')
  })
})
