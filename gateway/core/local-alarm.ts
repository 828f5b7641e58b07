import { HighAlarms } from './high-alarms.ts'
import type { EpisodeId, PumpId } from '#domain/ids.ts'
import type { HighAlarm, PumpLook } from './high-alarms.ts'

/** Why the hub itself sounds. The first that holds for an alarm counts. */
export type LocalReason =
  /** Nobody has accepted it in time. */
  | { readonly kind: 'not-accepted'; readonly alarm: HighAlarm }
  /** No server answers, so nobody can be asked. */
  | { readonly kind: 'no-answer'; readonly alarm: HighAlarm }
  /** The pump was delivering, is not heard any more, and the server does not know. */
  | { readonly kind: 'pump-lost'; readonly pumpId: PumpId; readonly port: string; readonly sinceMs: number }
  /** Alarms cannot be stored any more (reliability.md 3 rule 15). */
  | { readonly kind: 'storage'; readonly sinceMs: number }

export interface HubLook {
  readonly pumps: readonly PumpLook[]
  /** The outbox refuses alarms. */
  readonly storageRefuses: boolean
  /** Monotonic ms since which alarm records wait in vain for the server's verdict; null: none does. */
  readonly undeliveredSinceMs: number | null
}

export interface LocalAlarmState {
  readonly reasons: readonly LocalReason[]
  readonly sounding: boolean
  /** Left of the audio pause, ms; null: not paused. */
  readonly quietForMs: number | null
}

/** What must outlive this process, or restarts could put the sound off for ever. Ages in ms at the time of writing. */
export interface Remembered {
  readonly alarms: readonly (Omit<HighAlarm, 'sinceMs' | 'heard' | 'endedMs'> & {
    readonly heldMs: number
    /** The server's last answer named it. */
    readonly accepted: boolean
  })[]
  readonly acceptedAgoMs: number | null
  readonly delivering: readonly { readonly pumpId: PumpId; readonly port: string }[]
}

export const nothingRemembered: Remembered = { alarms: [], acceptedAgoMs: null, delivering: [] }

/** alarms.md "Hub fallback": no server has answered for this long, ms. */
export const noAnswerMs = 5_000
/** A pump that a restart has to find again gets this long, ms. */
const findAgainMs = 15_000
/** clinical.md 5: an audio pause of a high alarm, ms. */
export const quietMs = 120_000

interface Delivering {
  readonly port: string
  readonly lostMs: number | null
}

/**
 * Decides whether the hub sounds by itself. In doubt it sounds: a missed alarm is worse than silence that looks like OK, and that is
 * worse than a false alarm. Pure: told what is, asked every second or more often, all times monotonic ms.
 */
export class LocalAlarm {
  readonly #afterMs: number
  readonly #startedMs: number
  readonly #high: HighAlarms
  #delivering: ReadonlyMap<PumpId, Delivering>
  #answeredMs = -Infinity
  #storageSinceMs: number | null = null
  #reasons: readonly LocalReason[] = []
  #quiet: { readonly keys: ReadonlySet<string>; readonly untilMs: number } | null = null

  /** `afterMs`: how long a high alarm may go on without a nurse's acceptance. */
  constructor(afterMs: number, remembered: Remembered, nowMs: number) {
    this.#afterMs = afterMs
    this.#startedMs = nowMs
    this.#high = new HighAlarms(
      afterMs,
      remembered.alarms.map(({ heldMs, ...alarm }) => ({
        ...alarm,
        sinceMs: nowMs - heldMs,
        heard: false,
        endedMs: null,
      })),
      remembered.acceptedAgoMs === null ? null : nowMs - remembered.acceptedAgoMs,
    )
    const lostMs = nowMs + findAgainMs
    this.#delivering = new Map(remembered.delivering.map(({ pumpId, port }) => [pumpId, { port, lostMs }]))
  }

  /** A server has taken the heartbeat of `askedMs` and said which high alarms a nurse has answered. A refusal is no answer. */
  answered(accepted: readonly EpisodeId[], askedMs: number, nowMs: number): void {
    this.#answeredMs = nowMs
    this.#high.answered(accepted, nowMs)
    // The heartbeat named the pumps and their links: from here on their silence is the server's to judge.
    this.#delivering = new Map([...this.#delivering].filter(([, { lostMs }]) => lostMs === null || lostMs >= askedMs))
  }

  look({ pumps: all, storageRefuses, undeliveredSinceMs }: HubLook, nowMs: number): LocalAlarmState {
    const pumps = onePerPump(all)
    this.#high.listed(pumps, nowMs)
    this.#watchDelivering(pumps, nowMs)
    this.#storageSinceMs = storageRefuses ? (this.#storageSinceMs ?? nowMs) : null
    // Neither a heartbeat nor the alarm's own record got an answer since `sinceMs`.
    const unanswered = (sinceMs: number): boolean => {
      const from = Math.max(sinceMs, this.#startedMs)
      if (nowMs - Math.max(this.#answeredMs, from) >= noAnswerMs) return true
      return undeliveredSinceMs !== null && nowMs - Math.max(undeliveredSinceMs, from) >= noAnswerMs
    }
    const alarms = this.#high.active
      .filter((alarm) => !this.#high.isAccepted(alarm, nowMs))
      .flatMap((alarm): LocalReason[] => {
        if (nowMs - alarm.sinceMs >= this.#afterMs) return [{ kind: 'not-accepted', alarm }]
        return unanswered(alarm.sinceMs) ? [{ kind: 'no-answer', alarm }] : []
      })
    const lost = [...this.#delivering].flatMap(([pumpId, { port, lostMs: sinceMs }]): LocalReason[] =>
      sinceMs !== null && unanswered(sinceMs) ? [{ kind: 'pump-lost', pumpId, port, sinceMs }] : [],
    )
    const storage: readonly LocalReason[] =
      this.#storageSinceMs === null ? [] : [{ kind: 'storage', sinceMs: this.#storageSinceMs }]
    this.#reasons = [...alarms, ...storage, ...lost]
    return this.state(nowMs)
  }

  /** As of the last look. */
  state(nowMs: number): LocalAlarmState {
    const quiet = this.#quiet !== null && nowMs < this.#quiet.untilMs ? this.#quiet : null
    return {
      reasons: this.#reasons,
      sounding: this.#reasons.some((reason) => quiet?.keys.has(keyOf(reason)) !== true),
      quietForMs: quiet === null || this.#reasons.length === 0 ? null : quiet.untilMs - nowMs,
    }
  }

  /** Pauses the sound of what sounds now. A reason that comes later sounds at once, and a pause is never prolonged: it ends, then it may be asked for again. */
  quiet(nowMs: number): void {
    if (!this.state(nowMs).sounding) return
    this.#quiet = { keys: new Set(this.#reasons.map(keyOf)), untilMs: nowMs + quietMs }
  }

  /** Somebody should be told now: the hub asks the server often, to hear of an acceptance or of nobody. */
  get urgent(): boolean {
    return this.#high.active.length > 0 || [...this.#delivering.values()].some(({ lostMs }) => lostMs !== null)
  }

  get high(): readonly HighAlarm[] {
    return this.#high.active
  }

  isAccepted(alarm: HighAlarm, nowMs: number): boolean {
    return this.#high.isAccepted(alarm, nowMs)
  }

  get answeredMs(): number | null {
    return this.#answeredMs === -Infinity ? null : this.#answeredMs
  }

  remembered(nowMs: number): Remembered {
    const { acceptedAtMs } = this.#high
    return {
      alarms: this.#high.active.map((alarm) => {
        const { pumpId, port, key, code, ids, sinceMs, taken } = alarm
        const accepted = this.#high.wasAccepted(alarm)
        return { pumpId, port, key, code, ids, taken, accepted, heldMs: nowMs - sinceMs }
      }),
      acceptedAgoMs: acceptedAtMs === null ? null : nowMs - acceptedAtMs,
      delivering: [...this.#delivering].map(([pumpId, { port }]) => ({ pumpId, port })),
    }
  }

  /** A pump that leaves the list, because another one answers on its port, is lost like one that falls silent. */
  #watchDelivering(pumps: readonly PumpLook[], nowMs: number): void {
    const next = new Map<PumpId, Delivering>(
      [...this.#delivering].map(([pumpId, known]) => [pumpId, { ...known, lostMs: known.lostMs ?? nowMs }]),
    )
    for (const { pumpId, port, delivering, lost } of pumps) {
      const known = this.#delivering.get(pumpId)
      if (lost) {
        // Only what was delivering when it fell silent, and has not been handed to the server since.
        if (known !== undefined) next.set(pumpId, { port, lostMs: known.lostMs ?? nowMs })
      } else if (delivering === true) next.set(pumpId, { port, lostMs: null })
      else if (delivering === false) next.delete(pumpId)
    }
    this.#delivering = next
  }
}

const worth = ({ verified, lost }: PumpLook): number => Number(verified) * 2 + Number(!lost)

/** A pump that moved to another port is judged where it is heard. */
const onePerPump = (pumps: readonly PumpLook[]): readonly PumpLook[] => {
  const best = new Map<PumpId, PumpLook>()
  for (const pump of pumps) {
    const other = best.get(pump.pumpId)
    if (other === undefined || worth(pump) > worth(other)) best.set(pump.pumpId, pump)
  }
  return [...best.values()]
}

/** The same reason keeps its key while its kind sharpens, so that a pause lasts. */
const keyOf = (reason: LocalReason): string => {
  switch (reason.kind) {
    case 'not-accepted':
    case 'no-answer':
      return `alarm ${reason.alarm.pumpId} ${reason.alarm.key}`
    case 'pump-lost':
      return `lost ${reason.pumpId}`
    case 'storage':
      return 'storage'
  }
}
