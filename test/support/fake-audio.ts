import { vi } from 'vitest'

/** An oscillator that ends when the context's clock passes its stop, as far as the test lets it. */
class FakeOscillator extends EventTarget {
  readonly frequency = { value: 0 }
  startAt = Infinity
  stopAt = Infinity
  connect = <T>(to: T): T => to
  start(atS: number): void {
    this.startAt = atS
  }
  stop(atS: number): void {
    this.stopAt = Math.min(this.stopAt, atS)
  }
}

/** What the audio desk uses of an audio context, with a clock under a test's control. */
export class FakeAudioContext {
  static readonly made: FakeAudioContext[] = []
  /** Of those that are made from now on: what `resume` brings. */
  static whenResumed: 'running' | 'suspended' = 'running'
  state: 'running' | 'suspended' | 'closed' | 'interrupted' = 'suspended'
  currentTime = 0
  resumed = 0
  readonly sampleRate = 48_000
  readonly destination = {}
  readonly gains: number[] = []
  /** False: the clock runs and the graph gives nothing. */
  gives = true
  sinkId = ''
  #oscillators: FakeOscillator[] = []

  constructor() {
    FakeAudioContext.made.push(this)
  }

  createGain() {
    const { gains } = this
    const param = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined }
    const gain = {
      ...param,
      get value() {
        return 0
      },
      set value(to: number) {
        gains.push(to)
      },
    }
    return { gain, connect: <T>(to: T): T => to }
  }

  /** Hears whatever is on its way through the context. */
  createAnalyser() {
    return {
      fftSize: 2_048,
      connect: <T>(to: T): T => to,
      getFloatTimeDomainData: (samples: Float32Array) => void samples.fill(this.gives && this.#sounds() ? 0.3 : 0),
    }
  }

  #sounds(): boolean {
    return this.#oscillators.some(({ startAt, stopAt }) => startAt < this.currentTime && stopAt > startAt)
  }

  createOscillator(): FakeOscillator {
    const made = new FakeOscillator()
    this.#oscillators = [...this.#oscillators, made]
    return made
  }

  resume = async (): Promise<void> => {
    this.resumed += 1
    if (this.state === 'suspended') this.state = FakeAudioContext.whenResumed
  }
  setSinkId = async (id: string): Promise<void> => {
    if (id === 'gone') throw new DOMException('no such output', 'NotFoundError')
    this.sinkId = id
  }
  close = async (): Promise<void> => {
    this.state = 'closed'
  }

  /** Lets the audio clock run on, and with it what is scheduled. */
  run(seconds: number): void {
    this.currentTime += seconds
    const over = this.#oscillators.filter(({ stopAt }) => stopAt <= this.currentTime)
    this.#oscillators = this.#oscillators.filter((one) => !over.includes(one))
    for (const one of over) one.dispatchEvent(new Event('ended'))
  }
}

/** The lock manager and the channel between the tabs of one browser profile. */
export interface FakeProfile {
  /** How often the lock was asked for, and how often it was stolen. */
  readonly asked: string[]
  stolen: number
  /** Somebody has pressed something on this page. */
  pressed: boolean
  /** What this tab said to others. */
  readonly said: unknown[]
  /** What another tab says. */
  hear(word: unknown): void
  /** Another tab has the lock, until it is stolen or given back. */
  holdElsewhere(): () => void
}

/** One browser: whoever asks for the sounding tab's lock first has it. */
export const stubBrowserAudio = (): FakeProfile => {
  const asked: string[] = []
  const said: unknown[] = []
  const channels: EventTarget[] = []
  let holder: Promise<void> | null = null
  FakeAudioContext.made.length = 0
  FakeAudioContext.whenResumed = 'running'
  vi.useFakeTimers()
  vi.stubGlobal('AudioContext', FakeAudioContext)
  vi.stubGlobal(
    'BroadcastChannel',
    class extends EventTarget {
      constructor() {
        super()
        channels.push(this)
      }
      postMessage(word: unknown): void {
        said.push(word)
      }
    },
  )
  const profile: FakeProfile = {
    asked,
    stolen: 0,
    pressed: false,
    said,
    hear: (word) => {
      for (const channel of channels) channel.dispatchEvent(new MessageEvent('message', { data: word }))
    },
    holdElsewhere: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      holder = promise
      return resolve
    },
  }
  const request = async (
    name: string,
    { steal, signal }: { readonly steal?: boolean; readonly signal?: AbortSignal },
    held: () => Promise<void>,
  ): Promise<void> => {
    asked.push(name)
    if (steal === true) profile.stolen += 1
    else await holder
    holder = null
    if (signal?.aborted === true) throw new DOMException('given up', 'AbortError')
    await held()
  }
  const userActivation = {
    get hasBeenActive() {
      return profile.pressed
    },
  }
  vi.stubGlobal('navigator', { locks: { request }, userActivation })
  return profile
}
