import type { AlarmDetail } from '#domain/live/api.ts'
import type { DutyPlace } from '#domain/on-call/duty.ts'

// One episode's story, from the onset at the pump to its close, every step with its own clock time. Pure.

export type TimelineWhat =
  | 'onset'
  | 'journal'
  | 'sent'
  | 'not-sent'
  | 'audible'
  | 'viewed'
  | 'called'
  | 'ended'
  /** As the journal names it: seen, accepted, priority-changed, … */
  | 'noted'

export interface TimelineStep {
  readonly at: number
  readonly what: TimelineWhat
  /** The journal's word of a `noted`. */
  readonly word: string
  readonly who: string | null
  readonly place: DutyPlace | null
  readonly detail: string | null
  /** ± of a step that a hub dated, ms; 0 where a clock of ours was read. */
  readonly uncertaintyMs: number
  /** Since the step before; 0 for the first. */
  readonly sincePreviousMs: number
}

type Step = Omit<TimelineStep, 'sincePreviousMs'>

/** Told by the episode itself, with better times than the journal's. */
const toldElsewhere: ReadonlySet<string> = new Set(['opened', 'ended', 'triage-recorded', 'detail'])

const step = (at: number, what: TimelineWhat, more: Partial<Step> = {}): Step => ({
  at,
  what,
  word: what,
  who: null,
  place: null,
  detail: null,
  uncertaintyMs: 0,
  ...more,
})

const reasonOf = (detail: Readonly<Record<string, unknown>>): string | null => {
  const said = detail['reason'] ?? detail['to'] ?? detail['note'] ?? null
  return typeof said === 'string' && said !== '' ? said : null
}

/** The episode's own is that of its end once that is known worse. A story of an earlier server does not tell the one of its start. */
const onsetUncertainty = (alarm: AlarmDetail['alarm'], history: AlarmDetail['history']): number => {
  const opened = history.find(({ what }) => what === 'opened')?.detail['uncertaintyMs']
  return typeof opened === 'number' ? Math.min(opened, alarm.uncertaintyMs) : alarm.uncertaintyMs
}

export const timelineOf = ({ alarm, history, triage, paging }: AlarmDetail): readonly TimelineStep[] => {
  const pages = paging.calls.flatMap(({ at, to, place, state, audibleAt, viewedAt }): readonly Step[] => {
    const about = { who: to.name, place }
    const went = state === 'undeliverable' || state === 'timed-out' ? 'not-sent' : 'sent'
    return [
      step(at, went, about),
      ...(audibleAt === null ? [] : [step(audibleAt, 'audible', about)]),
      ...(viewedAt === null ? [] : [step(viewedAt, 'viewed', about)]),
    ]
  })
  // At a station somebody may hear or see it without having been paged.
  const told = new Set(pages.map(({ what, who, at }) => `${what} ${who} ${at}`))
  const noticed = paging.noticed
    .map(({ by, kind, at }) => step(at, kind, { who: by.name }))
    .filter(({ what, who, at }) => !told.has(`${what} ${who} ${at}`))
  const acts = history
    .filter(({ what }) => !toldElsewhere.has(what))
    .map(({ at, what, by, detail }) =>
      step(at, 'noted', { word: what, who: by?.name ?? null, detail: reasonOf(detail) }),
    )
  const called = triage.at(-1)
  const calls =
    called === undefined || called.record.calledAt === null
      ? []
      : [step(called.record.calledAt, 'called', { who: called.by.name, detail: called.record.spokeTo })]
  const steps = [
    // A pump's clock is known only so well, and nothing is told before it began.
    step(Math.min(alarm.startedAt, alarm.observedAt), 'onset', { uncertaintyMs: onsetUncertainty(alarm, history) }),
    step(alarm.observedAt, 'journal'),
    ...pages,
    ...noticed,
    ...acts,
    ...calls,
    ...(alarm.endedAt === null ? [] : [step(alarm.endedAt, 'ended', { uncertaintyMs: alarm.uncertaintyMs })]),
  ]
  const inOrder = steps.toSorted((a, b) => a.at - b.at)
  return inOrder.map((one, index) => ({ ...one, sincePreviousMs: one.at - (inOrder[index - 1]?.at ?? one.at) }))
}

/** From when the server was told until somebody took it, ms; null: nobody did. */
export const timeToTake = ({ acceptedAt, observedAt }: AlarmDetail['alarm']): number | null =>
  acceptedAt === null ? null : Math.max(0, acceptedAt - observedAt)
