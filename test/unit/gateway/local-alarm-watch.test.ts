import { describe, expect, it } from 'vitest'
import { EpisodeId, PumpId } from '#domain/ids.ts'
import { nothingRemembered } from '#gateway/core/local-alarm.ts'
import { LocalAlarmWatch } from '#gateway/core/local-alarm-watch.ts'
import { flushMicrotasks, ManualClock } from '#test/support/manual-clock.ts'
import type { PumpLook } from '#gateway/core/high-alarms.ts'
import type { LocalAlarmState, Remembered } from '#gateway/core/local-alarm.ts'

const quietPump: PumpLook = {
  pumpId: PumpId.parse('P-1'),
  port: 'bedside',
  verified: true,
  high: [],
  delivering: true,
  lost: false,
}
const occluded: PumpLook = {
  ...quietPump,
  high: [{ key: '1 occlusion', episodeId: EpisodeId.parse('e1'), code: 'occlusion-downstream' }],
}

const start = (remember: (remembered: Remembered) => Promise<void> = async () => {}) => {
  const clock = new ManualClock()
  const stop = new AbortController()
  const seen = { pumps: [quietPump], sounds: false, told: [] as LocalAlarmState[], urgent: 0 }
  const watch = new LocalAlarmWatch({
    afterMs: 120_000,
    remembered: nothingRemembered,
    remember,
    clock,
    scheduler: clock,
    look: () => ({ pumps: seen.pumps, storageRefuses: false, undeliveredSinceMs: null }),
    annunciators: [{ sound: (on) => (seen.sounds = on) }],
    changed: (state) => seen.told.push(state),
    urgent: () => (seen.urgent += 1),
  })
  const running = watch.run(stop.signal)
  return { clock, stop, seen, watch, running }
}

describe('the watch over the local alarm', () => {
  it('lets the annunciator sound within a quarter of a second of its reason, and ends it as fast', async () => {
    const { clock, seen } = start()
    await clock.advanceAsync(10_000)
    seen.pumps = [occluded]
    await clock.advanceAsync(5_000)
    expect(seen.sounds).toBe(false)
    await clock.advanceAsync(250)
    expect(seen.sounds).toBe(true)
    seen.pumps = [quietPump]
    await clock.advanceAsync(250)
    expect(seen.sounds).toBe(false)
    expect(seen.told.map(({ sounding }) => sounding)).toEqual([true, false])
  })

  it('asks the server at once when somebody should be told, and once only', async () => {
    const { clock, seen } = start()
    await clock.advanceAsync(1_000)
    expect(seen.urgent).toBe(0)
    seen.pumps = [occluded]
    await clock.advanceAsync(30_000)
    expect(seen.urgent).toBe(1)
  })

  it('pauses the sound for somebody at the hub, without waiting for the next look', async () => {
    const { clock, seen, watch } = start()
    seen.pumps = [occluded]
    await clock.advanceAsync(10_000)
    watch.quiet()
    expect(seen.sounds).toBe(false)
    expect(watch.state).toMatchObject({ sounding: false, quietForMs: 120_000 })
    await clock.advanceAsync(120_000)
    expect(seen.sounds).toBe(true)
  })

  it('ends the sound when the hub is stopped', async () => {
    const { clock, seen, stop, running } = start()
    seen.pumps = [occluded]
    await clock.advanceAsync(10_000)
    expect(seen.sounds).toBe(true)
    stop.abort()
    await running
    expect(seen.sounds).toBe(false)
  })

  it('keeps what a restart has to know when it changes, not when it only gets older, and sounds on when the disk refuses', async () => {
    const kept: Remembered[] = []
    let refuse = true
    const { clock, seen } = start(async (remembered) => {
      if (refuse) throw new Error('EROFS')
      kept.push(remembered)
    })
    seen.pumps = [occluded]
    await clock.advanceAsync(10_000)
    expect(seen.sounds).toBe(true)
    refuse = false
    await clock.advanceAsync(60_000)
    await flushMicrotasks()
    expect(kept).toMatchObject([{ alarms: [{ pumpId: 'P-1', ids: ['e1'] }], delivering: [{ port: 'bedside' }] }])
    seen.pumps = [quietPump]
    await clock.advanceAsync(10_000)
    expect(kept.at(-1)?.alarms).toEqual([])
  })
})
