import type { AlarmCode } from '#domain/alarm/codes.ts'
import type { Act } from './acts.ts'
import type { FaultSwitch } from './faults/catalog.ts'
import type { ModelAlarm } from './pump-alarms.ts'

// A scenario as somebody wrote it down, read and checked (simulators/scenario-file.ts). Times in virtual ms.

export type Span =
  | { readonly kind: 'exactly'; readonly ms: number }
  | { readonly kind: 'between'; readonly fromMs: number; readonly toMs: number }
  /** Log-normal, as people's times are (clinical.md 12). */
  | {
      readonly kind: 'about'
      readonly medianMs: number
      readonly sigma: number
      readonly leastMs: number
      readonly mostMs: number
    }

export interface TimelineFault {
  readonly fromMs: number
  /** null: to the end. */
  readonly untilMs: number | null
  readonly change: FaultSwitch
}

/** An act, or `fix`: whatever puts the alarm right that was reacted to. */
export type ActWord = Act | 'fix'

export interface TimelineEntry {
  /** Since the start; null: `after` the entry before. */
  readonly at: number | null
  readonly after: Span
  readonly acts: readonly Act[]
}

export interface Reaction {
  /** Alarms that are reacted to when they begin; null: any. */
  readonly when: readonly ModelAlarm[] | null
  /** 0 to 1. */
  readonly chance: number
  readonly after: Span
  readonly acts: readonly ActWord[]
}

export interface Repeat {
  readonly every: Span
  readonly choose: readonly {
    readonly weight: number
    readonly entries: readonly { readonly after: Span; readonly acts: readonly Act[] }[]
  }[]
}

/** `after` names an act, a fault that begins, or one that is `over`; null: the start. */
export interface Deadline {
  readonly withinMs: number
  readonly after: string | null
}

/** What has to be seen of an alarm, once it all has reached the server. */
export interface Expectation {
  readonly alarm: AlarmCode
  readonly never: boolean
  readonly active: Deadline | null
  readonly ended: Deadline | null
}

export interface ScenarioSpec {
  readonly name: string
  readonly what: string
  /** How long one has to watch until everything expected has had its time, ms. */
  readonly lastsMs: number
  /** Profile and settings that the story is about; a configuration may say otherwise. */
  readonly profile: string | null
  readonly settings: Readonly<Record<string, unknown>>
  readonly timeline: readonly TimelineEntry[]
  readonly repeat: Repeat | null
  readonly reactions: readonly Reaction[]
  readonly faults: readonly TimelineFault[]
  readonly expect: readonly Expectation[]
}
