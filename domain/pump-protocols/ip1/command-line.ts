import { hexDigits } from '../ascii.ts'
import type { Command } from './requests.ts'
import { commandFrame } from './requests.ts'

const timeoutMs = 500
const sendings = 3
const identityEveryMs = 2000
/** An AL is repeated every second, so a receipt that finds no room is asked for again. */
const mostReceipts = 32
/** Answers to this many of the last commands are expected, also late or twice. */
const remembered = 8

interface Outstanding {
  readonly command: Command
  readonly frame: Uint8Array
  sentMs: number
  sent: number
}

/** What is due: bytes to send, or a command given up. */
export interface Due {
  readonly send: readonly Uint8Array[]
  readonly timeouts: number
}

/** The host's side of one port: one command at a time, receipts first, the same bytes on each retry (ip1.md 3). */
export class CommandLine {
  #boot = unknownBoot
  #seq = 0
  #outstanding: Outstanding | null = null
  #receipts: string[] = []
  #recent: string[] = []
  #identityWanted = false
  #identityAskedMs = Number.NEGATIVE_INFINITY
  /** A pump without capability AK answers nothing: then nothing is waited for. */
  answers = true

  /** The pump has a new boot id: numbers start at 0000, what was asked of the old one is void. */
  restart(boot: string): void {
    if (this.#boot !== unknownBoot) {
      this.#outstanding = null
      this.#recent = []
    }
    this.#boot = boot
    this.#seq = 0
    this.#receipts = []
  }

  /** The port is open anew: nothing is outstanding on it. */
  reopened(): void {
    this.#outstanding = null
    this.#receipts = []
    this.#identityAskedMs = Number.NEGATIVE_INFINITY
  }

  receipt(notification: string): void {
    if (!this.#receipts.includes(notification) && this.#receipts.length < mostReceipts)
      this.#receipts.push(notification)
  }

  identityWanted(wanted: boolean): void {
    this.#identityWanted = wanted
    // HI answers HI? as well as AK does
    if (!wanted && this.#outstanding?.command === 'HI?') this.#outstanding = null
  }

  /** False when nobody asked for this answer. `seq`: as in the AK. */
  answered(seq: string): boolean {
    if (this.#outstanding && this.#recent.at(-1) === seq) this.#outstanding = null
    return this.#recent.includes(seq)
  }

  due(nowMs: number): Due {
    const send: Uint8Array[] = []
    let timeouts = 0
    const waiting = this.#outstanding
    if (waiting && nowMs - waiting.sentMs >= timeoutMs) {
      if (waiting.sent < sendings) {
        waiting.sentMs = nowMs
        waiting.sent += 1
        send.push(waiting.frame)
      } else {
        this.#outstanding = null
        timeouts = 1
      }
    }
    while (this.#outstanding === null) {
      const command = this.#next(nowMs)
      if (command === null) break
      send.push(this.#send(command, nowMs))
    }
    return { send, timeouts }
  }

  #next(nowMs: number): Command | null {
    const notification = this.#receipts.shift()
    if (notification !== undefined) return `ALRX,${notification}`
    if (!this.#identityWanted || nowMs - this.#identityAskedMs < identityEveryMs) return null
    this.#identityAskedMs = nowMs
    return 'HI?'
  }

  #send(command: Command, nowMs: number): Uint8Array {
    const seq = hexDigits(this.#seq, 4)
    this.#seq = (this.#seq + 1) & 0xffff
    this.#recent = [...this.#recent.slice(1 - remembered), seq]
    const frame = commandFrame(seq, this.#boot, command)
    if (this.answers) this.#outstanding = { command, frame, sentMs: nowMs, sent: 1 }
    return frame
  }
}

/** The host copies the pump's boot id; before it knows one it says 0000. */
const unknownBoot = '0000'
