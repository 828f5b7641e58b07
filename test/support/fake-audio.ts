import { vi } from 'vitest'

/** An oscillator that ends when the context's clock passes its stop, as far as the test lets it. */
class FakeOscillator extends EventTarget {
  readonly frequency = { value: 0 }
  stopAt = Infinity
  connect = <T>(to: T): T => to
  start(): void {}
  stop(atS: number): void {
    this.stopAt = Math.min(this.stopAt, atS)
  }
}

/** What the audio desk uses of an audio context, with a clock under a test's control. */
export class FakeAudioContext {
  static readonly made: FakeAudioContext[] = []
  state: 'running' | 'suspended' | 'closed' = 'suspended'
  currentTime = 0
  readonly destination = {}
  readonly gains: number[] = []
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

  createOscillator(): FakeOscillator {
    const made = new FakeOscillator()
    this.#oscillators = [...this.#oscillators, made]
    return made
  }

  resume = async (): Promise<void> => {
    this.state = 'running'
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

/** One browser: whoever asks for the sounding tab's lock first has it. */
export const stubBrowserAudio = (): { readonly asked: string[] } => {
  const asked: string[] = []
  FakeAudioContext.made.length = 0
  vi.useFakeTimers()
  vi.stubGlobal('AudioContext', FakeAudioContext)
  vi.stubGlobal(
    'BroadcastChannel',
    class extends EventTarget {
      postMessage(): void {}
    },
  )
  const request = async (name: string, _options: unknown, held: () => Promise<void>): Promise<void> => {
    asked.push(name)
    await held()
  }
  vi.stubGlobal('navigator', { locks: { request } })
  return { asked }
}
