import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EpisodeId } from '#domain/ids.ts'
import { isPaused, longestPauseMs, pauseFor, type Sounding } from '#domain/sound/audio-pause.ts'

const sounds = (id: string, priority: Sounding['priority'] = 'high', recurrence = 0): Sounding => ({
  episodeId: EpisodeId.parse(id),
  priority,
  recurrence,
})

describe('a pause of the sound', () => {
  it('lasts 120 s while a High is among what sounds, else 300 s', () => {
    expect(pauseFor([sounds('a', 'medium'), sounds('b')], 1000)?.until).toBe(121_000)
    expect(pauseFor([sounds('a', 'medium')], 1000)?.until).toBe(301_000)
  })

  it('is not to be had while nothing repeats', () => {
    expect(pauseFor([], 1000)).toBeNull()
    expect(pauseFor([sounds('a', 'low')], 1000)).toBeNull()
  })

  it('ends by itself to the millisecond', () => {
    const pause = pauseFor([sounds('a')], 1000)
    expect(isPaused(pause, [sounds('a')], 120_999)).toBe(true)
    expect(isPaused(pause, [sounds('a')], 121_000)).toBe(false)
  })

  it('is broken by a new alarm of equal or higher priority, and not by a lower one', () => {
    const pause = pauseFor([sounds('a', 'medium')], 0)
    expect(isPaused(pause, [sounds('a', 'medium'), sounds('b', 'low')], 1)).toBe(true)
    expect(isPaused(pause, [sounds('a', 'medium'), sounds('b', 'medium')], 1)).toBe(false)
    expect(isPaused(pause, [sounds('a', 'medium'), sounds('b', 'high')], 1)).toBe(false)
  })

  it('is broken by a re-start or a rise of what it covers', () => {
    const pause = pauseFor([sounds('a', 'medium')], 0)
    expect(isPaused(pause, [sounds('a', 'medium', 1)], 1)).toBe(false)
    expect(isPaused(pause, [sounds('a', 'high')], 1)).toBe(false)
  })

  it('ends when the clock steps back', () => {
    expect(isPaused(pauseFor([sounds('a')], 1000), [sounds('a')], 999)).toBe(false)
  })

  it('never covers more than it was asked for, nor longer than its limit, whatever sounds', () => {
    const sounding = fc.array(
      fc.record({
        episodeId: fc.constantFrom('a', 'b', 'c').map((id) => EpisodeId.parse(id)),
        priority: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
        recurrence: fc.nat(2),
      }),
    )
    fc.assert(
      fc.property(sounding, sounding, fc.nat(400_000), (before, now, at) => {
        const pause = pauseFor(before, 0)
        if (!isPaused(pause, now, at)) return
        const high = before.some(({ priority }) => priority === 'high')
        expect(at).toBeLessThan(longestPauseMs[high ? 'high' : 'medium'])
        const known = new Set(before.map((one) => JSON.stringify(one)))
        for (const one of now) if (one.priority === 'high') expect(known).toContain(JSON.stringify(one))
      }),
    )
  })
})
