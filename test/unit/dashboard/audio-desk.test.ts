import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AudioDesk } from '#dashboard/core/audio-port.ts'
import { FakeAudioContext, stubBrowserAudio } from '#test/support/fake-audio.ts'

// Its types need a browser's, which tests do not have: it is known here by its port alone.
const source: string = '#dashboard/adapters/audio/audio-desk.ts'

let desk: AudioDesk
let locks: { readonly asked: string[] }
let heard: [string, number][]

beforeEach(async () => {
  locks = stubBrowserAudio()
  const { WebAudioDesk } = (await import(source)) as { WebAudioDesk: new () => AudioDesk }
  desk = new WebAudioDesk()
  heard = []
  desk.onSounded((kind, startedAt) => heard.push([kind, startedAt]))
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const context = (): FakeAudioContext => {
  const newest = FakeAudioContext.made.at(-1)
  if (newest === undefined) throw new Error('no audio context')
  return newest
}

/** Both clocks run, and the desk is asked as the page asks it. */
const pass = async (ms: number, sounds = true): Promise<void> => {
  for (let left = ms; left > 0; left -= 100) {
    await vi.advanceTimersByTimeAsync(100)
    if (sounds) context().run(0.1)
    desk.check()
  }
}

const armed = async (): Promise<void> => {
  desk.arm()
  await pass(200)
}
const high = { steady: 'high', once: [] } as const

/** Volumes of the burst, its own first. */
const burstOf = (play: () => void): readonly number[] => {
  const before = context().gains.length
  play()
  return context().gains.slice(before)
}

describe('W1: the sound is armed', () => {
  it('when the context runs and its clock advances, and not before', async () => {
    expect(desk.check()).toMatchObject({ armed: false, state: 'closed' })
    desk.arm()
    await pass(100, false)
    expect(desk.check()).toMatchObject({ armed: false, state: 'running', advancing: false })
    await pass(200)
    expect(desk.check()).toMatchObject({ armed: true, advancing: true })
  })

  it('no longer half a second after the clock stopped', async () => {
    await armed()
    context().state = 'suspended'
    await pass(700, false)
    expect(desk.check()).toMatchObject({ armed: false, state: 'suspended' })
  })
})

it('W2: a context that runs with a frozen clock is closed, and another one made', async () => {
  await armed()
  const frozen = context()
  await pass(700, false)
  expect(FakeAudioContext.made.length).toBeGreaterThan(1)
  expect(frozen.state).toBe('closed')
  expect(context()).not.toBe(frozen)
  await pass(200)
  expect(desk.check().armed).toBe(true)
})

describe('W3: the lock of the sounding tab', () => {
  it('is asked for by a tab that could sound only', async () => {
    desk.arm()
    await pass(100, false)
    expect(locks.asked).toEqual([])
    await pass(200)
    expect(locks.asked).toHaveLength(1)
    expect(desk.check().elsewhere).toBe(false)
  })
})

it('W4: alarm, test and proof put the same oscillators onto the same clock; only the proof’s gain is zero', async () => {
  await armed()
  const test = burstOf(() => desk.test('high'))
  const proof = burstOf(() => desk.prove(() => undefined))
  const alarm = burstOf(() => desk.apply(high))
  expect(proof).toHaveLength(test.length)
  // Two bursts stand ready.
  expect(alarm).toEqual([...test, ...test])
  expect(proof[0]).toBe(0)
  expect(proof.slice(1)).toEqual(test.slice(1))
})

describe('a burst was heard', () => {
  it('when the audio clock has passed its end; it says when it began', async () => {
    await armed()
    desk.apply(high)
    const began = performance.now()
    await pass(3_000)
    expect(heard).toEqual([])
    await pass(200)
    expect(heard).toHaveLength(1)
    expect(heard[0]?.[0]).toBe('high')
    expect(Math.abs((heard[0]?.[1] ?? 0) - began)).toBeLessThan(200)
  })

  it('not when it was cut off, by a pause or by something else that sounds', async () => {
    await armed()
    desk.apply(high)
    await pass(1_000)
    desk.apply({ steady: null, once: [] })
    await pass(10_000)
    expect(heard).toEqual([])
  })

  it('not when the clock stands in the middle of it', async () => {
    await armed()
    desk.apply(high)
    await pass(1_000)
    await pass(5_000, false)
    expect(heard).toEqual([])
  })

  it('not when it was a test or the silent proof of the path', async () => {
    await armed()
    desk.test('high')
    desk.prove(() => undefined)
    await pass(5_000)
    expect(heard).toEqual([])
  })
})
