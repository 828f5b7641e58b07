import { setTimeout as pause } from 'node:timers/promises'
import type { Socket } from 'node:net'
import type { Stolen } from '#test/support/hostile-mqtt.ts'

/** What an attacker knows of the system. */
export interface Target {
  /** Of the server. */
  readonly url: string
  /** Of a nurse's session, stolen. */
  readonly cookie: string
  /** Of ten more of hers. */
  readonly cookies: readonly string[]
  /** Name of a hub's key, without the key. */
  readonly keyId: string
  readonly mqttPort: number
  /** Pumps at the hub that are the attacker's own by now. */
  readonly stolen: readonly Stolen[]
  /** Where the hub expects serial ports. */
  readonly serialPaths: readonly string[]
}

/** Goes on until `signal` aborts; rejects only when the attack itself is broken. */
export type Attack = (target: Target, signal: AbortSignal) => Promise<void>

const waited = (ms: number, signal: AbortSignal): Promise<void> =>
  pause(Math.max(0, ms), undefined, { signal }).catch(() => undefined)

/** So often a second as a line would carry it, however fast the answers are; what fails is the attacked one's right. */
export const paced = async (
  perSecond: number,
  signal: AbortSignal,
  act: (nth: number) => Promise<unknown> | void,
): Promise<void> => {
  const begun = performance.now()
  const acts = new Set<Promise<unknown>>()
  for (let nth = 0; !signal.aborted; nth += 1) {
    const acted = Promise.resolve(act(nth)).catch(() => undefined)
    acts.add(acted)
    void acted.finally(() => acts.delete(acted))
    await waited(begun + ((nth + 1) * 1_000) / perSecond - performance.now(), signal)
  }
  await Promise.all(acts)
}

/** Keeps so many connections open; each that was ended is opened anew after `reopenMs`. `open` gives a connecting socket. */
export const holding = async (
  count: number,
  signal: AbortSignal,
  open: (place: number) => Socket,
  reopenMs = 50,
): Promise<void> => {
  const keep = async (place: number): Promise<void> => {
    await waited((place * 1_000) / count, signal)
    while (!signal.aborted) {
      const socket = open(place)
      socket.on('error', () => {})
      const end = (): void => void socket.destroy()
      signal.addEventListener('abort', end)
      await new Promise((resolve) => socket.once('close', resolve))
      signal.removeEventListener('abort', end)
      await waited(reopenMs, signal)
    }
  }
  await Promise.all(Array.from({ length: count }, (_, place) => keep(place)))
}

/** Runs while the socket is open. */
export const whileOpen = (socket: Socket, everyMs: number, act: () => void): void => {
  const timer = setInterval(act, everyMs)
  socket.once('close', () => clearInterval(timer))
}

/** One of many addresses of this machine; a limit per address shall not do the work of the others. */
export const strangerAddress = (nth: number): string =>
  `127.${1 + ((nth >> 14) % 250)}.${(nth >> 7) & 127}.${1 + (nth & 127)}`
