import type { SoundingPlace } from '#dashboard/core/audio-port.ts'

const lockName = 'infusion-watch-sound'
const beatMs = 1_000
/** A holder that says nothing this long is stuck: its lock is taken over. */
const silentAfterMs = 2_500

/** One tab per browser profile sounds: the one that holds a Web Lock, which only a tab whose audio clock advances may hold (dashboard.md W3). */
export class SoundingTab {
  readonly #channel = new BroadcastChannel(lockName)
  #wanted = false
  #release: (() => void) | null = null
  #asked: AbortController | null = null
  #beatAt = -Infinity
  #lookedAt = 0
  /** Since another tab said that it sounds, as far as this one was awake to hear it; Infinity: none did. */
  #silentMs = Infinity
  /** Since this tab asked, counted in the same way. */
  #waitedMs = 0

  constructor() {
    this.#channel.addEventListener('message', ({ data }) => {
      if (data === 'beat') this.#silentMs = 0
      else if (this.#release !== null) this.#say('beat')
    })
  }

  get place(): SoundingPlace {
    if (this.#release !== null) return 'here'
    return this.#silentMs <= silentAfterMs ? 'elsewhere' : 'nowhere'
  }

  /** To be called at least once a second, by what is not throttled in a hidden tab. */
  want(wanted: boolean): void {
    const now = performance.now()
    // While this tab stood still the other one's beats waited in its queue.
    const passedMs = Math.min(now - this.#lookedAt, beatMs)
    this.#lookedAt = now
    this.#silentMs += passedMs
    this.#waitedMs += passedMs
    if (wanted !== this.#wanted) {
      this.#wanted = wanted
      if (!wanted) return this.#giveUp()
      // Whoever has it answers at once.
      this.#say('who')
      return this.#request(false)
    }
    if (this.#release !== null) {
      if (now - this.#beatAt >= beatMs) this.#beat(now)
    } else if (wanted && Math.min(this.#silentMs, this.#waitedMs) > silentAfterMs) this.#request(true)
  }

  #giveUp(): void {
    this.#asked?.abort()
    this.#asked = null
    this.#release?.()
    this.#release = null
  }

  #beat(now: number): void {
    this.#beatAt = now
    this.#say('beat')
  }

  #say(word: 'beat' | 'who'): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a broadcast channel has no target
    this.#channel.postMessage(word)
  }

  #request(steal: boolean): void {
    this.#asked?.abort()
    const asked = new AbortController()
    this.#asked = asked
    this.#waitedMs = 0
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        if (!this.#wanted || this.#asked !== asked) return resolve()
        this.#release = resolve
        this.#beat(performance.now())
      })
    // A lock cannot be stolen and waited for at once, so a theft has no signal.
    const held = steal
      ? navigator.locks.request(lockName, { steal: true }, hold)
      : navigator.locks.request(lockName, { signal: asked.signal }, hold)
    held.then(
      () => undefined,
      () => {
        // Aborted, or another tab took it over: it waits in line again.
        if (this.#asked !== asked) return
        this.#release = null
        if (this.#wanted) this.#request(false)
      },
    )
  }
}
