import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'
import { linkLimits } from '#dashboard/core/freshness.ts'
import { onlineDelayMs, reconnectDelayMs } from '#dashboard/core/reconnect.ts'

/** An attempt that has led to nothing for so long is given up. The library gives up what does not open, but waits for ever for the rest. */
const patienceMs = 2 * linkLimits.reconnectMs

/**
 * One socket that is opened again whenever it is lost, one attempt at a time: a second one that meets a half-open first makes the server
 * hang up on both.
 */
export class Redial {
  readonly socket: Socket
  /** Failed attempts since `settled`. */
  attempt = 0
  #openedAt = performance.now()
  #next: ReturnType<typeof setTimeout> | undefined

  constructor(connected: () => void) {
    this.socket = io({
      transports: ['websocket'],
      // Its own delays grow and start at nothing; ours are spread from the first.
      reconnection: false,
      timeout: linkLimits.reconnectMs,
    })
    this.socket.on('connect', () => {
      clearTimeout(this.#next)
      this.#openedAt = performance.now()
      connected()
    })
    this.socket.on('connect_error', () => {
      this.attempt++
      this.#later(reconnectDelayMs(Math.random()))
    })
    // Our own hanging up is followed by our own call.
    this.socket.on('disconnect', (reason) => {
      if (reason !== 'io client disconnect') this.#later(reconnectDelayMs(Math.random()))
    })
  }

  /** The machine says that it has a network again: no reason to wait for an attempt that was made without one. */
  online(): void {
    if (!this.socket.connected) this.#later(onlineDelayMs(Math.random()))
  }

  /** `heardAgeMs`: since the last sign of life of a true picture. A socket can be open and dead: silence is reason enough for a new one. */
  watch(heardAgeMs: number | null): void {
    const openMs = performance.now() - this.#openedAt
    const quietMs = Math.min(heardAgeMs ?? Number.POSITIVE_INFINITY, openMs)
    if (this.socket.connected ? quietMs > linkLimits.reconnectMs : openMs > patienceMs) this.again()
  }

  /** Hangs up, whatever there is, and calls. */
  again(): void {
    this.attempt++
    this.#dial()
  }

  end(): void {
    clearTimeout(this.#next)
    this.socket.disconnect()
  }

  #later(ms: number): void {
    clearTimeout(this.#next)
    this.#next = setTimeout(() => this.#dial(), ms)
  }

  #dial(): void {
    clearTimeout(this.#next)
    this.#openedAt = performance.now()
    this.socket.disconnect()
    this.socket.connect()
  }
}
