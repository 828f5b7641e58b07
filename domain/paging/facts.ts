import type { Priority } from '../alarm/codes.ts'
import type { EpisodeId, UserId } from '../ids.ts'
import type { Person } from '../live/views.ts'
import { DutyPlace, type Duty } from '../on-call/duty.ts'
import type { PagedPriority } from './policy.ts'
import type { PassReason } from './events.ts'

// Times are whole ms of the paging clock: the server's time, which neither steps back nor stands still.

/** An alarm that is present, confirmed, high or medium, and that nobody has answered. */
export interface AskedAlarm {
  readonly episodeId: EpisodeId
  readonly priority: PagedPriority
  /** Of its response, rejections not counted: a page of another version asked about something else. */
  readonly version: number
  /** Its opening, its last rise, or when its acceptance was taken back: the hold-off counts from here. */
  readonly since: number
  /** Unanswered since then: opened, taken back, withdrawn or rejected. */
  readonly askedAt: number
  /** The last person who would not take it, and when. */
  readonly declined: { readonly by: Person; readonly at: number } | null
  /** When an acceptance lapsed: who declined before is asked again, without a new hold-off. Null: none did. */
  readonly lapsedAt: number | null
}

/** An alarm that somebody has accepted and that goes on. */
export interface OwnedAlarm {
  readonly episodeId: EpisodeId
  readonly priority: PagedPriority
  readonly owner: Person
  readonly acceptedAt: number
  /** When she missed her check-in; null: she did not. */
  readonly missedAt: number | null
}

/** An alarm that goes on, about which somebody wants others to be asked now. */
export interface EscalatedAlarm {
  readonly episodeId: EpisodeId
  readonly priority: Priority
  readonly version: number
  readonly owner: Person | null
  readonly by: Person
  /** Null: whoever is next. */
  readonly to: Person | null
  /** The act's stamp in the alarm's journal: its name, whatever the clocks say. */
  readonly at: number
  /** Help is wanted with so many new alarms, of which this is the most urgent. */
  readonly flood?: number | undefined
}

/** Who can be asked in a place, or why nobody. */
export type Askable = { readonly person: Person } | { readonly person: null; readonly reason: PassReason }

/** All that decides what is to be done about one root now. */
export interface PagingFacts {
  /** The same for all pages of this root: devices replace what they show by it. */
  readonly thread: string
  readonly simulated: boolean
  /** The therapy depends on it, or nobody said that it does not. */
  readonly critical: boolean
  readonly asked: readonly AskedAlarm[]
  readonly owned: readonly OwnedAlarm[]
  readonly escalated: readonly EscalatedAlarm[]
  readonly duty: Readonly<Record<DutyPlace, Askable>>
  /** Whether this person may get pages of this name space (alarms.md rule 8). */
  readonly mayPage: (userId: UserId) => boolean
  /** The nurse on call has no station on which these alarms are heard and somebody sits (on-call/attended.ts). */
  readonly unattended: boolean
  /** A hook has the telephone number of this person. */
  readonly canCall: (userId: UserId) => boolean
}

export const places = DutyPlace.options

/** Real alarms page real people, simulated ones the people of the demonstration. */
export const askableDuty = (duty: Duty, mayPage: (userId: UserId) => boolean): PagingFacts['duty'] => {
  const askable = (person: Person | null): Askable => {
    if (person === null) return { person: null, reason: 'nobody' }
    return mayPage(person.userId) ? { person } : { person: null, reason: 'other-name-space' }
  }
  return { primary: askable(duty.primary), backup: askable(duty.backup), lead: askable(duty.lead) }
}

export const isPaged = (priority: Priority): priority is PagedPriority => priority === 'high' || priority === 'medium'
