import type { Priority } from '../../alarm/codes.ts'
import type { ChannelId } from '../../ids.ts'
import { valueOf } from '../fields.ts'
import type { PumpEvent } from '../profile.ts'
import { alarmOfBit, priorityOf } from './alarm-bits.ts'
import type { Al } from './messages/al.ts'

/** An AL is repeated for ten seconds, so the numbers of this many of the last ones tell a repetition from news. */
const remembered = 64

/** What the AL frames of one boot id have told, held against the level of the last ST (ip1.md 3). */
export class AlarmEdges {
  readonly #channelId: ChannelId
  readonly #told = new Map<number, Priority>()
  #reported: readonly string[] = []
  #level: readonly number[] | null = null

  constructor(channelId: ChannelId) {
    this.#channelId = channelId
  }

  /** What AL said about each alarm that is active. */
  get told(): ReadonlyMap<number, Priority> {
    return this.#told
  }

  /** Another boot id or another pump: its notification numbers are new ones. */
  reset(): void {
    this.reopened()
    this.#reported = []
  }

  /** Nobody listened for a while. */
  reopened(): void {
    this.#told.clear()
    this.#level = null
  }

  /** The level is the truth: what it does not list has ended. */
  leveled(bits: readonly number[]): void {
    this.#level = bits
    for (const bit of this.#told.keys()) if (!bits.includes(bit)) this.#told.delete(bit)
  }

  /**
   * An AL of the identified pump, reported once. One that a newer ST has overtaken loses against it: an alarm that is over by then
   * has still been there, so it starts and ends.
   */
  take(al: Al, overtaken: boolean): readonly PumpEvent[] {
    if (this.#reported.includes(al.notification)) return []
    this.#reported = [...this.#reported.slice(1 - remembered), al.notification]
    const bit = Number.parseInt(al.alarmBit, 16)
    // unreadable: better an alarm that the next status takes back than none
    const raised = valueOf(al.raised) ?? true
    const priority = priorityOf(valueOf(al.priority))
    const edge = (raised: boolean): PumpEvent => ({
      kind: 'alarm-edge',
      alarm: alarmOfBit(bit, this.#channelId, priority),
      raised,
    })
    const level = overtaken ? this.#level : null
    if (level !== null && !level.includes(bit)) return raised ? [edge(true), edge(false)] : []
    if (level !== null && !raised) return []
    if (raised && priority !== null) this.#told.set(bit, priority)
    if (!raised) this.#told.delete(bit)
    return [edge(raised)]
  }
}
