import { expect, it } from 'vitest'
import type { AlarmView } from '#domain/live/views.ts'
import { HighArrivals } from '#dashboard/ui/state/high-arrivals.ts'
import { LiveStore } from '#dashboard/ui/state/live-store.ts'
import { alarmOf, osei, someTime } from '#test/support/live-fixtures.ts'

/** A page that was opened 12 s ago and let in 4 s ago, when its first picture comes. */
const opened = (...alarms: readonly AlarmView[]) => {
  const live = new LiveStore()
  const highs = new HighArrivals(live, () => true)
  live.start(8_000)
  live.take({ kind: 'snapshot', serverAt: someTime, alarms: [...alarms], pumps: [], hubs: [], paged: [] }, 12_000)
  const tell = (...told: readonly AlarmView[]): void =>
    live.take({ kind: 'changes', serverAt: someTime, changes: told.map((alarm) => ({ kind: 'alarm', alarm })) }, 13_000)
  return { highs, tell, waiting: () => highs.waiting.value.map(({ episodeId }) => episodeId) }
}

it('has every High that comes until somebody has it, with nothing that listens for it beside', () => {
  const { tell, waiting } = opened()
  tell(alarmOf('first'), alarmOf('medium', { priority: 'medium' }))
  tell(alarmOf('second'))
  tell(alarmOf('taken', { response: 'accepted', owner: osei, acceptedAt: someTime }))
  expect(waiting()).toEqual(['first', 'second'])
  tell(alarmOf('first', { version: 1, response: 'accepted', owner: osei, acceptedAt: someTime }))
  expect(waiting()).toEqual(['second'])
})

it('has a High of the first picture when the server heard of it while the page was opening, and none from before', () => {
  const { waiting } = opened(
    alarmOf('before', { observedAt: someTime - 12_001 }),
    alarmOf('meanwhile', { startedAt: someTime - 90_000, observedAt: someTime - 11_999 }),
  )
  expect(waiting()).toEqual(['meanwhile'])
})

it('has what is raised to High, and what is known to be true only now', () => {
  const { tell, waiting } = opened(alarmOf('raised', { priority: 'medium' }), alarmOf('late', { confirmed: false }))
  tell(alarmOf('raised', { priorityRaised: true }), alarmOf('late'))
  expect(waiting()).toEqual(['raised', 'late'])
})

it('does not bring back what was put back to the list, or taken and given up', () => {
  const { highs, tell, waiting } = opened()
  tell(alarmOf('first'))
  highs.putBack()
  tell(alarmOf('first', { version: 1, response: 'seen' }))
  expect(waiting()).toEqual([])
  tell(alarmOf('second'))
  expect(waiting()).toEqual(['second'])
})

it('collects nothing on a desk', () => {
  const live = new LiveStore()
  const highs = new HighArrivals(live, () => false)
  live.start(0)
  live.take({ kind: 'snapshot', serverAt: someTime, alarms: [], pumps: [], hubs: [], paged: [] }, 0)
  live.take({ kind: 'changes', serverAt: someTime, changes: [{ kind: 'alarm', alarm: alarmOf('first') }] }, 1)
  expect(highs.waiting.value).toEqual([])
})
