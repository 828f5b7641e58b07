import type { AlarmCode, Priority } from '#domain/alarm/codes.ts'
import type { HubCondition } from '#domain/uplink/envelope.ts'
import type { HighAlarm } from './high-alarms.ts'
import type { LocalAlarmState } from './local-alarm.ts'

/** How bad it is, from the worst on. Each has its own shape, colour and word on the page. */
export type Mood = 'call' | 'attention' | 'note' | 'well'

/** A sentence. `agoMs`: the page adds "3 s ago" and counts on; `sinceMs`: "since 14:02, 12 min". */
export interface Line {
  readonly text: string
  readonly agoMs?: number
  readonly sinceMs?: number
}

/** What the status page says to somebody who cannot debug it. No patient, no drug, no value. */
export interface PlainStatus {
  readonly hub: string
  /** Pumps of this hub are simulated: nobody's care depends on what is said here. */
  readonly simulated: boolean
  readonly version: string
  readonly mood: Mood
  readonly title: Line
  readonly lines: readonly Line[]
  /** As configured; the page shows it when there is something to call for, and when it has lost the box. */
  readonly nurseLine: string | null
  /** What else is not as it should be. */
  readonly also: readonly Line[]
  /** One row for each place where a pump can be. */
  readonly pumps: readonly PumpRow[]
  readonly sounding: boolean
  readonly quietForMs: number | null
  /** The configured command: null none, else whether it works. */
  readonly sounder: 'works' | 'fails' | null
}

export interface PumpRow {
  readonly port: string
  readonly mood: Mood
  readonly line: Line
}

export interface PlainPump {
  readonly port: string
  /** Null: no pump has been heard here yet. */
  readonly silentMs: number | null
  readonly lost: boolean
  /** It speaks only when it has an alarm, so its silence says nothing. */
  readonly listenOnly: boolean
  /** Its alarm list is its own, and current. */
  readonly verified: boolean
  readonly alarms: readonly { readonly code: AlarmCode; readonly priority: Priority }[]
  /** Why nothing is heard, in words; null: not known. */
  readonly reason: string | null
}

export interface PlainInput {
  readonly hub: string
  readonly simulated: boolean
  readonly version: string
  readonly nurseLine: string | null
  readonly nowMs: number
  readonly pumps: readonly PlainPump[]
  readonly local: LocalAlarmState
  readonly high: readonly { readonly alarm: HighAlarm; readonly accepted: boolean }[]
  readonly afterMs: number
  readonly uplink: {
    readonly paired: boolean
    /** The server refuses this hub. */
    readonly refused: boolean
    readonly inTrouble: boolean
    /** Since the server has answered last, or since the hub runs. */
    readonly unansweredMs: number
    /** Since this hub runs a server has answered. */
    readonly everAnswered: boolean
    readonly alarmsWaitMs: number | null
  }
  readonly conditions: readonly HubCondition[]
  readonly healthy: boolean
  readonly sounder: PlainStatus['sounder']
}

export interface Finding {
  readonly mood: Mood
  readonly title: Line
  readonly lines: readonly Line[]
}
