import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { EpisodeId, PumpId } from '#domain/ids.ts'

/** A high alarm on a pump's list. */
export interface ListedAlarm {
  /** Channel, code and vendor code: what makes it the same alarm when it comes again. */
  readonly key: string
  readonly episodeId: EpisodeId
  readonly code: AlarmCode
}

/** One pump as the hub knows it now. */
export interface PumpLook {
  readonly pumpId: PumpId
  readonly port: string
  /** The list is the pump's own, said since its link came up last: what is missing in it is over. */
  readonly verified: boolean
  readonly high: readonly ListedAlarm[]
  /** Delivering by its last sample; null: it never said. */
  readonly delivering: boolean | null
  /** Lost after it had been heard. */
  readonly lost: boolean
}

export interface HighAlarm {
  readonly pumpId: PumpId
  readonly port: string
  readonly key: string
  readonly code: AlarmCode
  /** Every episode it is known under: a restart of the hub gives it another one. */
  readonly ids: readonly EpisodeId[]
  /** Monotonic ms; negative: before this process. */
  readonly sinceMs: number
  /** The pump is heard and lists it; else it is remembered, because nobody said that it is over. */
  readonly heard: boolean
  /** A nurse has answered it at least once. */
  readonly taken: boolean
  readonly endedMs: number | null
}

/** Within this time after its end it is the same alarm again, ms (alarms.md rule 2): flapping must not put the sound off for ever. */
const sameAlarmMs = 60_000
/** A pump that invents alarms must not fill the memory. */
const maxAlarms = 256

interface Answers {
  readonly ids: ReadonlySet<EpisodeId>
  readonly atMs: number
}

/**
 * The high alarms nobody said the end of, and which of them a nurse has answered. A pump that is unplugged, swapped or restarted
 * ends nothing: only its own verified list does, or the server once a nurse had the alarm.
 */
export class HighAlarms {
  readonly #acceptanceHoldsMs: number
  #alarms: ReadonlyMap<string, HighAlarm>
  #answers: Answers

  /** An acceptance holds for `acceptanceHoldsMs` after the server confirmed it last. */
  constructor(
    acceptanceHoldsMs: number,
    remembered: readonly (HighAlarm & { readonly accepted: boolean })[],
    acceptedAtMs: number | null,
  ) {
    this.#acceptanceHoldsMs = acceptanceHoldsMs
    this.#alarms = new Map(remembered.map((alarm) => [idOf(alarm), alarm]))
    this.#answers = {
      // Not `taken`: an acceptance that was taken back must not return with a restart.
      ids: new Set(
        acceptedAtMs === null ? [] : remembered.filter(({ accepted }) => accepted).flatMap(({ ids }) => ids),
      ),
      atMs: acceptedAtMs ?? -Infinity,
    }
  }

  get active(): readonly HighAlarm[] {
    return [...this.#alarms.values()].filter(({ endedMs }) => endedMs === null)
  }

  get acceptedAtMs(): number | null {
    return this.#answers.atMs === -Infinity ? null : this.#answers.atMs
  }

  isAccepted(alarm: HighAlarm, nowMs: number): boolean {
    return nowMs - this.#answers.atMs <= this.#acceptanceHoldsMs && this.wasAccepted(alarm)
  }

  /** As of the server's last answer, however old. */
  wasAccepted({ ids }: HighAlarm): boolean {
    return ids.some((id) => this.#answers.ids.has(id))
  }

  /** The server's full list of this hub's high alarms that a nurse has answered. */
  answered(accepted: readonly EpisodeId[], nowMs: number): void {
    const ids = new Set(accepted)
    this.#answers = { ids, atMs: nowMs }
    const next = new Map<string, HighAlarm>()
    for (const [id, alarm] of this.#alarms) {
      const taken = alarm.ids.some((one) => ids.has(one))
      // Its pump is not heard here, a nurse had it, and the server has closed it: nothing is left that this hub could know better.
      if (!taken && alarm.taken && !alarm.heard && alarm.endedMs === null) continue
      next.set(id, taken && !alarm.taken ? { ...alarm, taken } : alarm)
    }
    this.#alarms = next
  }

  listed(pumps: readonly PumpLook[], nowMs: number): void {
    const next = new Map<string, HighAlarm>()
    const heard = new Map(pumps.filter(({ verified }) => verified).map((pump) => [pump.pumpId, pump]))
    for (const [id, alarm] of this.#alarms) {
      const pump = heard.get(alarm.pumpId)
      const over = pump !== undefined && !pump.high.some(({ key }) => key === alarm.key)
      if (alarm.endedMs !== null ? nowMs - alarm.endedMs < sameAlarmMs : !over)
        next.set(id, alarm.heard === (pump !== undefined) ? alarm : { ...alarm, heard: pump !== undefined })
      else if (alarm.endedMs === null) next.set(id, { ...alarm, endedMs: nowMs })
    }
    for (const { pumpId, port, verified, high } of pumps)
      for (const { key, episodeId, code } of high) {
        const id = idOf({ pumpId, key })
        const known = next.get(id)
        if (known === undefined)
          next.set(id, {
            pumpId,
            port,
            key,
            code,
            ids: [episodeId],
            sinceMs: nowMs,
            heard: verified,
            taken: false,
            endedMs: null,
          })
        else if (known.endedMs !== null)
          next.set(id, { ...known, ids: [episodeId], heard: verified, taken: false, endedMs: null })
        else if (!known.ids.includes(episodeId))
          next.set(id, { ...known, ids: [...known.ids.slice(-7), episodeId], port, heard: verified })
      }
    this.#alarms = next.size <= maxAlarms ? next : new Map([...next].toSorted(byWorth).slice(0, maxAlarms))
  }
}

const idOf = ({ pumpId, key }: { readonly pumpId: PumpId; readonly key: string }): string => `${pumpId} ${key}`

/** Heard ones first, then remembered ones, then what has ended; the oldest first among equals. */
const byWorth = ([, a]: readonly [string, HighAlarm], [, b]: readonly [string, HighAlarm]): number =>
  Number(a.endedMs !== null) - Number(b.endedMs !== null) || Number(b.heard) - Number(a.heard) || a.sinceMs - b.sinceMs
