import type { AwakeDesk, AwakeLook } from '#dashboard/core/awake-port.ts'

/** Screen Wake Lock. A browser takes it back whenever the page is hidden, so it is asked for again on every return. */
export class WakeLockDesk implements AwakeDesk {
  readonly #listeners = new Set<(look: AwakeLook) => void>()
  #wanted = false
  #lock: WakeLockSentinel | null = null

  constructor() {
    document.addEventListener('visibilitychange', () => {
      if (this.#wanted) void this.#ask()
    })
  }

  hold(): void {
    this.#wanted = true
    void this.#ask()
  }

  release(): void {
    this.#wanted = false
    void this.#lock?.release().catch(() => undefined)
    this.#lock = null
    this.#tell('off')
  }

  onChange(listener: (look: AwakeLook) => void): void {
    this.#listeners.add(listener)
  }

  async #ask(): Promise<void> {
    if (!('wakeLock' in navigator)) return this.#tell('unsupported')
    if (document.visibilityState !== 'visible') return this.#tell('hidden')
    if (this.#lock !== null && !this.#lock.released) return
    try {
      const lock = await navigator.wakeLock.request('screen')
      if (!this.#wanted) return void lock.release()
      this.#lock = lock
      lock.addEventListener('release', () => {
        if (this.#wanted) this.#tell(document.visibilityState === 'visible' ? 'refused' : 'hidden')
      })
      this.#tell('held')
    } catch {
      // Battery saver, or a policy of the browser.
      this.#tell('refused')
    }
  }

  #tell(look: AwakeLook): void {
    for (const listener of this.#listeners) listener(look)
  }
}
