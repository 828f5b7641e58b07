import { hashText, mix32 } from '../random.ts'
import { byteFaults, type ByteFault } from './byte-stages.ts'
import type { FaultName, FaultSwitch } from './catalog.ts'
import { DamagedBytes } from './damaged-bytes.ts'

/** What of a saying reached the other end, when its last byte has. */
export interface Passage<T> {
  readonly of: T
  readonly sent: Uint8Array
  readonly onWire: Uint8Array
  readonly swallowed: boolean
}

export interface Piece<T> {
  readonly bytes: Uint8Array
  /** Of the saying whose last piece this is. */
  readonly passage: Passage<T> | null
}

interface Waiting<T> extends Piece<T> {
  readonly dueMs: number
}

const splitMs = 100

const isByteFault = (fault: FaultName): fault is ByteFault => byteFaults.some((known) => known === fault)

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, n) => byte === b[n])

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

export const isDamaged = ({ sent, onWire, swallowed }: Passage<unknown>): boolean => swallowed || !same(sent, onWire)

/** What the truth log says of damage; null: there is none. */
export const damageOf = (passage: Passage<unknown>) =>
  isDamaged(passage)
    ? { damaged: true, sent: hexOf(passage.sent), onWire: passage.swallowed ? '' : hexOf(passage.onWire) }
    : null

/** One direction of a wire: damages what passes and decides when it arrives. Order is kept. Virtual ms. */
export class FaultyWire<T> {
  readonly #damage: DamagedBytes
  readonly #cuts: number
  readonly #amounts = new Map<FaultName, number>()
  #waiting: readonly Waiting<T>[] = []
  /** When the line is free again. */
  #freeMs = 0
  #cutPosition = 0

  constructor(seed: number, way: 'from-pump' | 'to-pump') {
    const own = mix32(seed, hashText(way))
    this.#damage = new DamagedBytes(own)
    this.#cuts = mix32(own, hashText('split'))
  }

  set({ fault, on, amount }: FaultSwitch, nowMs: number): void {
    if (isByteFault(fault)) this.#damage.set(fault, on ? amount : null)
    if (on) this.#amounts.set(fault, amount)
    else this.#amounts.delete(fault)
    // What was held back by the fault that ends comes at once.
    if (!on && (fault === 'stall' || fault === 'glue')) {
      this.#waiting = this.#waiting.map((piece) => ({ ...piece, dueMs: Math.min(piece.dueMs, nowMs) }))
      this.#freeMs = Math.min(this.#freeMs, nowMs)
    }
  }

  /** `of`: what is said with it. */
  push(sent: Uint8Array, nowMs: number, of: T): void {
    const swallowed = this.#amounts.has('half-open')
    const onWire = this.#damage.pass(sent)
    const passage = { of, sent, onWire, swallowed }
    const pieces = swallowed ? [new Uint8Array()] : this.#cut(onWire)
    for (const [index, bytes] of pieces.entries()) {
      const dueMs = this.#arrival(bytes, nowMs, index > 0)
      this.#waiting = [...this.#waiting, { bytes, dueMs, passage: index === pieces.length - 1 ? passage : null }]
    }
  }

  /** Takes what has arrived by `nowMs`, in order. */
  arrived(nowMs: number): readonly Piece<T>[] {
    const count = this.#waiting.findIndex(({ dueMs }) => dueMs > nowMs)
    const due = count < 0 ? this.#waiting : this.#waiting.slice(0, count)
    if (due.length > 0) this.#waiting = this.#waiting.slice(due.length)
    return due
  }

  /** The cable is out: what was on its way is lost. */
  clear(): readonly Passage<T>[] {
    const lost = this.#waiting.flatMap(({ passage }) => (passage === null ? [] : [{ ...passage, swallowed: true }]))
    this.#waiting = []
    this.#freeMs = 0
    return lost
  }

  #cut(bytes: Uint8Array): readonly Uint8Array[] {
    const share = this.#amounts.get('split')
    const from = this.#cutPosition
    this.#cutPosition += bytes.length
    if (share === undefined) return [bytes]
    const ends = [...bytes.keys()].filter(
      (n) => n < bytes.length - 1 && mix32(this.#cuts, from + n + 1) / 0x1_0000_0000 < share,
    )
    return [...ends, bytes.length - 1].map((end, index) =>
      bytes.subarray(index === 0 ? 0 : (ends[index - 1] ?? 0) + 1, end + 1),
    )
  }

  #arrival(bytes: Uint8Array, nowMs: number, afterCut: boolean): number {
    if (this.#amounts.has('stall')) return Infinity
    const gather = this.#amounts.get('glue')
    const gathered = gather === undefined ? nowMs : (Math.floor(nowMs / gather) + 1) * gather
    const bytesPerSecond = this.#amounts.get('slow') ?? Infinity
    const begins = Math.max(gathered, this.#freeMs) + (afterCut ? splitMs : 0)
    this.#freeMs = begins + (bytes.length / bytesPerSecond) * 1000
    return this.#freeMs
  }
}
