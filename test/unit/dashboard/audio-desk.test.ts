import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AudioDesk } from '#dashboard/core/audio-port.ts'
import { FakeAudioContext, stubBrowserAudio } from '#test/support/fake-audio.ts'
import type { FakeProfile } from '#test/support/fake-audio.ts'

// Its types need a browser's, which tests do not have: it is known here by its port alone.
const source: string = '#dashboard/adapters/audio/audio-desk.ts'

let desk: AudioDesk
let locks: FakeProfile
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
/** By the server's clock: this computer's may be wrong. */
const testedAt = 1_795_660_867_000

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

describe('W2: an audio context that took its clock with it', () => {
  it('is closed when it runs with a frozen clock, and another one made', async () => {
    await armed()
    const frozen = context()
    await pass(700, false)
    expect(FakeAudioContext.made.length).toBeGreaterThan(1)
    expect(frozen.state).toBe('closed')
    expect(context()).not.toBe(frozen)
    await pass(200)
    expect(desk.check().armed).toBe(true)
  })

  it('is closed when it is interrupted, by a telephone call for instance', async () => {
    await armed()
    const interrupted = context()
    interrupted.state = 'interrupted'
    expect(desk.check().state).toBe('interrupted')
    await pass(700, false)
    expect(interrupted.state).toBe('closed')
    await pass(200)
    expect(desk.check()).toMatchObject({ armed: true, state: 'running' })
  })

  it('is replaced at most every eight seconds on a computer that cannot start one', async () => {
    desk.arm()
    await pass(60_000, false)
    // After 0.5, 1, 2, 4 and then every 8 s; each look comes 0.1 s later.
    expect(FakeAudioContext.made.length).toBeGreaterThan(6)
    expect(FakeAudioContext.made.length).toBeLessThanOrEqual(12)
    await pass(200)
    expect(desk.check().armed).toBe(true)
  })

  it('is replaced in a press when the one before had its time and never ran', async () => {
    FakeAudioContext.whenResumed = 'suspended'
    desk.arm()
    await pass(700, false)
    const [before] = FakeAudioContext.made
    expect(FakeAudioContext.made).toHaveLength(1)
    FakeAudioContext.whenResumed = 'running'
    desk.arm()
    expect(before?.state).toBe('closed')
    await pass(200)
    expect(desk.check().armed).toBe(true)
  })

  it('is replaced when it stays suspended on a page that somebody has pressed, and only there', async () => {
    await armed()
    const suspended = context()
    suspended.state = 'suspended'
    await pass(20_000, false)
    expect(FakeAudioContext.made).toHaveLength(1)
    locks.pressed = true
    await pass(200, false)
    expect(suspended.state).toBe('closed')
    await pass(200)
    expect(desk.check().armed).toBe(true)
  })

  it('counts only looks of a page that was awake: its own standstill is not the clock’s', async () => {
    await armed()
    await vi.advanceTimersByTimeAsync(400)
    context().run(0.4)
    desk.check()
    expect(desk.check().armed).toBe(true)
    expect(FakeAudioContext.made).toHaveLength(1)
  })
})

describe('W3: the lock of the sounding tab', () => {
  it('is asked for by a tab that could sound only', async () => {
    desk.arm()
    await pass(100, false)
    expect(locks.asked).toEqual([])
    await pass(200)
    expect(locks.asked).toHaveLength(1)
    expect(desk.check().place).toBe('here')
  })

  it('is given back as soon as the clock stands', async () => {
    await armed()
    context().state = 'suspended'
    await pass(700, false)
    expect(desk.check().place).toBe('nowhere')
    desk.apply(high)
    expect(desk.check().sounding).toBeNull()
  })

  it('is elsewhere only when another tab says so, and nobody is called a tab that does not exist', async () => {
    locks.holdElsewhere()
    await armed()
    expect(locks.said).toContain('who')
    expect(desk.check().place).toBe('nowhere')
    locks.hear('beat')
    expect(desk.check().place).toBe('elsewhere')
    desk.apply(high)
    expect(desk.check().sounding).toBeNull()
  })

  it('passes at once when the other tab is closed', async () => {
    const close = locks.holdElsewhere()
    await armed()
    locks.hear('beat')
    close()
    await pass(100)
    expect(desk.check().place).toBe('here')
    expect(locks.stolen).toBe(0)
  })

  it('is taken over within three seconds from a tab that has frozen, and not from one that beats', async () => {
    locks.holdElsewhere()
    await armed()
    for (let second = 0; second < 10; second += 1) {
      locks.hear('beat')
      await pass(1_000)
    }
    expect(locks.stolen).toBe(0)
    // The last word is a second old.
    await pass(1_000)
    expect(desk.check().place).toBe('elsewhere')
    await pass(1_000)
    expect(locks.stolen).toBe(1)
    expect(desk.check().place).toBe('here')
  })

  it('is told once a second by whoever has it, and at once to whoever asks', async () => {
    await armed()
    const before = locks.said.length
    await pass(5_000)
    expect(locks.said.slice(before)).toEqual(['beat', 'beat', 'beat', 'beat', 'beat'])
    locks.hear('who')
    expect(locks.said).toHaveLength(before + 6)
  })
})

it('W4: alarm, test and proof put the same oscillators onto the same clock, behind the same gains; only the proof’s way out is closed', async () => {
  await armed()
  // An open way out for what is heard, a closed one for proofs.
  expect(context().gains).toEqual([1, 0])
  expect(desk.check().testedAt).toBeNull()
  const test = burstOf(() => desk.test('high', testedAt))
  expect(desk.check().testedAt).toBe(testedAt)
  const proof = burstOf(() => desk.prove(() => undefined))
  const alarm = burstOf(() => desk.apply(high))
  expect(proof[0]).toBeGreaterThan(0)
  expect(proof).toEqual(test)
  // Two bursts stand ready.
  expect(alarm).toEqual([...test, ...test])
})

const proof = async (): Promise<readonly number[]> => {
  const told: number[] = []
  desk.prove((audioMs) => told.push(audioMs))
  await pass(4_000)
  return told
}

describe('the proof of the path', () => {
  it('is told when the signal was seen and the clock has passed its end', async () => {
    await armed()
    const [audioMs] = await proof()
    expect(audioMs).toBeGreaterThan(3_000)
  })

  it('is not when the clock runs and the graph gives nothing', async () => {
    await armed()
    context().gives = false
    expect(await proof()).toEqual([])
  })
})

describe('the output', () => {
  it('that was chosen is used by every context, and its loss leaves the sound to the system', async () => {
    desk.setOutput('usb')
    await armed()
    expect(context().sinkId).toBe('usb')
    expect(desk.check().output).toBe('chosen')
    desk.setOutput('gone')
    await pass(100)
    expect(desk.check()).toMatchObject({ output: 'lost', armed: true })
    desk.setOutput(null)
    await pass(100)
    expect(desk.check().output).toBe('system')
  })
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

  it('not when the clock ran and nothing came out of the graph', async () => {
    await armed()
    context().gives = false
    desk.apply(high)
    await pass(9_000)
    expect(heard).toEqual([])
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
    desk.test('high', testedAt)
    desk.prove(() => undefined)
    await pass(5_000)
    expect(heard).toEqual([])
  })
})
