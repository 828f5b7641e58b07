const lockName = 'infusion-watch-sound'
const beatMs = 1_000
/** A holder that says nothing this long is stuck: take the lock over. */
const silentAfterMs = 3_000

/** One tab per browser profile sounds: the one that holds a web lock, which only a tab whose audio clock runs may hold. */
export class SoundingTab {
  readonly #channel = new BroadcastChannel(lockName)
  #wanted = false
  #release: (() => void) | null = null
  #heardAt = performance.now()
  #asked: AbortController | null = null

  constructor() {
    this.#channel.addEventListener('message', () => (this.#heardAt = performance.now()))
    setInterval(() => {
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a broadcast channel has no target
      if (this.mine) this.#channel.postMessage('beat')
      else if (this.#wanted && performance.now() - this.#heardAt > silentAfterMs) this.#request(true)
    }, beatMs)
  }

  get mine(): boolean {
    return this.#release !== null
  }

  want(wanted: boolean): void {
    if (wanted === this.#wanted) return
    this.#wanted = wanted
    if (wanted) {
      this.#heardAt = performance.now()
      this.#request(false)
      return
    }
    this.#asked?.abort()
    this.#asked = null
    this.#release?.()
    this.#release = null
  }

  #request(steal: boolean): void {
    this.#asked?.abort()
    const asked = new AbortController()
    this.#asked = asked
    const hold = (): Promise<void> =>
      new Promise((resolve) => {
        if (!this.#wanted) return resolve()
        this.#release = resolve
      })
    // A lock cannot be stolen and waited for at once, so a theft has no signal.
    const held = steal
      ? navigator.locks.request(lockName, { steal: true }, hold)
      : navigator.locks.request(lockName, { signal: asked.signal }, hold)
    held.then(
      () => undefined,
      () => {
        // Aborted, or another tab took it over.
        if (this.#asked !== asked) return
        this.#release = null
        if (this.#wanted && !asked.signal.aborted) {
          this.#heardAt = performance.now()
          this.#request(false)
        }
      },
    )
  }
}
