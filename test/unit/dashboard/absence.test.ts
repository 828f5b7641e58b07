import { describe, expect, it } from 'vitest'
import { Absence, changedEpisodes } from '#dashboard/core/absence.ts'
import { LiveStore } from '#dashboard/ui/state/live-store.ts'
import type { FromWorker } from '#dashboard/core/worker-protocol.ts'
import type { AlarmView } from '#domain/live/views.ts'
import { alarmOf, someTime } from '#test/support/live-fixtures.ts'

const open = (...alarms: readonly AlarmView[]) => new Map(alarms.map((alarm) => [alarm.episodeId, alarm]))
const ids = (alarms: readonly AlarmView[] | undefined) => alarms?.map(({ episodeId }) => episodeId)

const beat = (at: number): FromWorker => ({ kind: 'beat', serverAt: someTime + at, build: 'x' })
const picture = (alarms: readonly AlarmView[]): FromWorker => ({
  kind: 'snapshot',
  serverAt: someTime,
  alarms,
  pumps: [],
  hubs: [],
  paged: [],
})

describe('what changed while away', () => {
  const before = open(alarmOf('e1'), alarmOf('e2'), alarmOf('e3'))
  const after = open(alarmOf('e1'), alarmOf('e2', { version: 1 }), alarmOf('e4'))

  it('counts new, gone and changed episodes', () => {
    expect(changedEpisodes(before, after)).toEqual(['e3', 'e2', 'e4'])
  })

  it('is told once, from the first moment on, and of a sleep when there was one', () => {
    const absence = new Absence()
    expect(absence.end(9, after)).toBeNull()
    absence.begin(false, 1, before)
    absence.begin(true, 2, after)
    expect(absence.end(9, after)).toMatchObject({ asleep: true, from: 1, to: 9 })
    expect(absence.end(9, after)).toBeNull()
  })
})

describe('the page that comes back', () => {
  const missed: FromWorker = {
    kind: 'changes',
    serverAt: someTime,
    changes: [{ kind: 'alarm', alarm: alarmOf('missed') }],
  }
  const started = (): LiveStore => {
    const store = new LiveStore()
    store.start(0)
    store.take(picture([alarmOf('e1')]), 0)
    store.take(beat(0), 0)
    return store
  }

  it.each([
    ['a new picture', picture([alarmOf('e1'), alarmOf('missed')])],
    ['the updates it missed', missed],
  ])('W10: says what it missed when %s brings it back', (_, brings) => {
    const store = started()
    store.tick(12_000)
    expect(store.frozen.value).toBe(true)
    store.take(brings, 12_100)
    expect(store.returned.value).toBeNull()
    store.take(beat(12_100), 12_100)
    expect(store.frozen.value).toBe(false)
    expect(store.returned.value).toMatchObject({ asleep: false, from: someTime, to: someTime + 12_100 })
    expect(ids(store.returned.value?.alarms)).toEqual(['missed'])
    expect([...store.marked.value]).toEqual(['missed'])
  })

  it('W10: was asleep, and says so, also when the machine’s own clock stood still', () => {
    const store = started()
    store.take({ kind: 'asleep', unseenMs: 1_200_000 }, 500)
    expect(store.frozen.value).toBe(true)
    store.take(missed, 600)
    store.take(beat(1_200_600), 600)
    expect(store.returned.value).toMatchObject({ asleep: true, from: someTime, to: someTime + 1_200_600 })
    expect(ids(store.returned.value?.alarms)).toEqual(['missed'])
  })

  it('says nothing of a gap in which it stayed live', () => {
    const store = started()
    store.tick(4_000)
    store.take(missed, 4_100)
    store.take(beat(4_100), 4_100)
    expect(store.returned.value).toBeNull()
  })
})
