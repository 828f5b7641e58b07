import type { JSX } from 'preact'
import type { HandOverSheet } from '#domain/hand-over/sheet.ts'
import { handOverWords } from '#dashboard/core/hand-over-words.ts'
import { actOf, ifThenOf, patientsOf, severityOf } from '#dashboard/core/hand-over-sheet.ts'
import type { IfThen, PatientLine, SheetAlarm } from '#dashboard/core/hand-over-sheet.ts'
import { adviceWords } from '#dashboard/core/advice-words.ts'
import { checksOf } from '#dashboard/core/first-checks.ts'
import { alarmLook } from '#dashboard/core/alarm-look.ts'
import { whereOf } from './alarm-place.ts'
import { QuietGlyph } from './quiet-glyph.tsx'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import type { HandOverModel } from './state/hand-over-model.ts'

interface PartProps {
  readonly sheet: HandOverSheet
}

/** The label of the sheet first: it is the one that was true when it was made. */
export const placeOf = (app: AppState, { alarm, label }: SheetAlarm): string => label ?? whereOf(app, alarm)

export const SeverityPart = ({ sheet }: PartProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const text = words.shift
  const { counts, critical, unverified } = severityOf(sheet)
  const { moment } = app.formats.value
  return (
    <>
      <ul class="severity">
        {counts.map(({ priority, open, unowned }) => (
          <li key={priority} class={open === 0 ? 'none' : undefined}>
            <QuietGlyph priority={priority} filled={unowned > 0} size={26} />
            <span>
              <b>
                {words.priority[priority]} {text.open(open)}
              </b>
              <span class="second">{text.unowned(unowned)}</span>
            </span>
          </li>
        ))}
        <li class="severity-more">
          <span>
            <b>{text.critical(critical)}</b>
            <span class="second">{text.unverified(unverified)}</span>
          </span>
        </li>
      </ul>
      {sheet.leftOpen.map(({ person, shiftEndedAt, alarms, pumps }) => (
        <p key={person.userId} class="notice" data-testid="left-open">
          {text.leftOpen(person.name, moment(shiftEndedAt, sheet.serverTime), text.leftWhat(alarms, pumps))}
        </p>
      ))}
      <p class="hint">
        {sheet.accepted === null
          ? text.neverAccepted
          : text.accepted(sheet.accepted.by.name, moment(sheet.accepted.at, sheet.serverTime))}
      </p>
    </>
  )
}

export const SummaryPart = ({ sheet }: PartProps): JSX.Element => {
  const text = useApp().wordsWith(handOverWords).shift
  const lines = patientsOf(sheet)
  if (lines.length === 0) return <p>{text.noPatients}</p>
  return (
    <ul class="sheet-lines">
      {lines.map((line) => (
        <Patient key={line.pumpId} line={line} />
      ))}
    </ul>
  )
}

const Patient = ({ line }: { readonly line: PatientLine }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const text = words.shift
  const { label, pumpId, alarms, watch, criticality } = line
  const critical = criticality === null ? '' : text.criticality[criticality]
  return (
    <li>
      <span class="line-place">
        <b>{label ?? pumpId}</b>
        {label !== null && <span class="second">{pumpId}</span>}
      </span>
      <span>
        {alarms.length === 0
          ? text.quiet
          : alarms
              .map(
                ({ alarm }) => `${app.words.alarm[alarm.code].name} (${words.priority[alarm.priority].toLowerCase()})`,
              )
              .join(', ')}
        {(critical !== '' || watch !== null) && (
          <span class="second">
            {[
              ...(critical === '' ? [] : [critical]),
              ...(watch === null ? [] : [text.watchedBy(watch.owner.name)]),
            ].join(', ')}
          </span>
        )}
      </span>
    </li>
  )
}

export const ActionsPart = ({ sheet }: PartProps): JSX.Element => {
  const text = useApp().wordsWith(handOverWords).shift
  if (sheet.alarms.length === 0) return <p>{text.noActions}</p>
  return (
    <ul class="sheet-lines">
      {sheet.alarms.map((one) => (
        <Action key={one.alarm.episodeId} one={one} now={sheet.serverTime} />
      ))}
    </ul>
  )
}

const Action = ({ one, now }: { readonly one: SheetAlarm; readonly now: number }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const text = words.shift
  const { moment } = app.formats.value
  const { alarm, triage } = one
  const me = app.me.value?.userId ?? null
  const look = alarmLook(alarm, me)
  const called = triage?.record.calledAt ?? null
  const details = [
    text.sinceTime(moment(alarm.startedAt, now)),
    ...(alarm.owner === null ? [] : [text.ownedBy(alarm.owner.name)]),
    ...(alarm.handedTo === null ? [] : [text.offeredTo(alarm.handedTo.name)]),
    ...(called === null || triage === null
      ? []
      : [text.called(moment(called, now), text.spokeTo[triage.record.spokeTo ?? 'other'])]),
  ]
  return (
    <li data-testid="sheet-alarm" data-episode={alarm.episodeId}>
      <QuietGlyph priority={alarm.priority} filled={look.filled} />
      <span class="line-place">
        <b>{placeOf(app, one)}</b>
        <span class="second">{app.words.alarm[alarm.code].name}</span>
      </span>
      <span>
        <b>{text.act[actOf(one, me)]}</b>
        <span class="second">{details.join(', ')}</span>
        {triage !== null && triage.record.action !== '' && <span class="second">{triage.record.action}</span>}
      </span>
    </li>
  )
}

export const IfThenPart = ({ sheet, model }: PartProps & { readonly model: HandOverModel }): JSX.Element => {
  const text = useApp().wordsWith(handOverWords).shift
  const notes = ifThenOf(sheet)
  if (notes.length === 0) return <p>{text.noIfThen}</p>
  return (
    <ul class="sheet-lines">
      {notes.map((note) => (
        <li key={keyOf(note)}>
          <Note note={note} sheet={sheet} model={model} />
        </li>
      ))}
    </ul>
  )
}

const keyOf = (note: IfThen): string => {
  switch (note.kind) {
    case 'note':
      return `note ${note.pumpId}`
    case 'nobody-next':
      return note.kind
    case 'critical':
    case 'unverified':
    case 'recurring':
      return `${note.kind} ${note.alarm.alarm.episodeId}`
  }
}

const Note = ({
  note,
  sheet,
  model,
}: PartProps & { readonly note: IfThen; readonly model: HandOverModel }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(handOverWords).shift
  switch (note.kind) {
    case 'note': {
      const where = note.label ?? note.pumpId
      const own = sheet.watched.find(({ pumpId }) => pumpId === note.pumpId)?.owner.userId === app.me.value?.userId
      return (
        <>
          <span class="line-place">
            <b>{where}</b>
          </span>
          <span>{note.note}</span>
          {own && !app.live.frozen.value && (
            <button
              class="btn quiet screen-only"
              aria-label={text.watchEndOf(where)}
              onClick={() => void model.endWatch(note.pumpId)}
            >
              {text.watchEnd}
            </button>
          )}
        </>
      )
    }
    case 'critical':
      return (
        <span>
          {text.if.critical(placeOf(app, note.alarm), app.words.alarm[note.alarm.alarm.code].name)}
          <span class="second">
            {checksOf(app.wordsWith(adviceWords).advice[note.alarm.alarm.code], note.alarm.alarm.criticality).join(' ')}
          </span>
        </span>
      )
    case 'unverified':
      return <span>{text.if.unverified(placeOf(app, note.alarm), app.words.alarm[note.alarm.alarm.code].name)}</span>
    case 'recurring': {
      const { alarm } = note.alarm
      return (
        <span>{text.if.recurring(placeOf(app, note.alarm), app.words.alarm[alarm.code].name, alarm.recurrence)}</span>
      )
    }
    case 'nobody-next':
      return <span>{text.if.nobodyNext(app.formats.value.moment(note.at, sheet.serverTime))}</span>
  }
}
