import type { JSX } from 'preact'
import { keptMark } from '#dashboard/core/kept-look.ts'
import type { KeptMark } from '#dashboard/core/kept-look.ts'
import { keptWords } from '#dashboard/core/kept-words.ts'
import { nbsp } from '#dashboard/core/format.ts'
import type { JudgedRunView } from '#domain/live/adherence.ts'
import './styles/kept.css'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'
import { zonedTime } from './zoned-time.ts'

/** Within so much a time is told as one, ms. */
const oneTimeMs = 120_000

/** Shape, never colour: a plan that was not kept is no alarm. */
export const KeptGlyph = ({ mark }: { readonly mark: KeptMark }): JSX.Element => (
  <svg class={`kept-glyph is-${mark}`} width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
    {mark === 'kept' && <circle cx="6" cy="6" r="3.5" />}
    {mark === 'differs' && <rect x="1" y="1" width="10" height="10" />}
    {mark === 'open' && <circle cx="6" cy="6" r="4" />}
    {mark === 'not-known' && (
      <path d="M1.500 1.500h9v9h-9zM1.500 5l3.500-3.500M1.500 10.500l9-9M6 10.500l4.500-4.500" />
    )}
  </svg>
)

interface RunsProps {
  readonly runs: readonly JudgedRunView[]
  readonly timeZone: string
}

/** Newest first: what was planned, and what the pump did. */
export const KeptRuns = ({ runs, timeZone }: RunsProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(keptWords)
  return (
    <>
      <ul class="kept-runs">
        {runs.toReversed().map((run) => (
          <KeptRun key={run.startsAt} run={run} timeZone={timeZone} />
        ))}
      </ul>
      <p class="hint kept-zone">{words.kept.inZone(timeZone)}</p>
    </>
  )
}

const KeptRun = ({ run, timeZone }: { readonly run: JudgedRunView; readonly timeZone: string }): JSX.Element => {
  const app = useApp()
  const { kept } = app.wordsWith(keptWords)
  const mark = keptMark(run)
  const home = zonedTime(app, timeZone)
  const at = (ms: number): string => home.moment(ms, run.startsAt)
  const { pauses, gaps, cutAt, plannedMl } = run
  return (
    <li class={`kept-run is-${mark}`} data-testid="kept-run" data-mark={mark}>
      <p class="kept-head">
        <KeptGlyph mark={mark} />
        <b>{home.day(run.startsAt)}</b>
        <span>{kept.marks[mark]}</span>
        <span class="hint">
          {kept.planned(home.time(run.startsAt), at(run.endsAt))}
          {plannedMl !== null && `, ${kept.plannedMl(app.formats.value.volume(plannedMl))}`}
        </span>
      </p>
      <dl>
        <Fact name={kept.start} text={startText(app, run, at)} />
        <Fact name={kept.stop} text={stopText(app, run, at)} />
        <Fact name={kept.given} text={givenText(app, run)} />
        {pauses.count > 0 && <Fact name={kept.pauses} text={kept.paused(pauses.count, pauses.ms)} />}
        {gaps.length > 0 && (
          <Fact
            name={kept.notHeard}
            text={gaps.map(({ from, to }) => kept.span(at(from), at(to))).join('; ')}
            hatched
          />
        )}
      </dl>
      {cutAt !== null && <p class="hint">{kept.cut(at(cutAt))}</p>}
    </li>
  )
}

const Fact = ({
  name,
  text,
  hatched = false,
}: {
  readonly name: string
  readonly text: string
  readonly hatched?: boolean
}): JSX.Element => (
  <div>
    <dt>{name}</dt>
    <dd class={hatched ? 'hatch' : ''}>
      <bdi class="plate">{text}</bdi>
    </dd>
  </div>
)

type At = (ms: number) => string

const whenText = (
  app: AppState,
  { notBefore, notAfter }: { readonly notBefore: number | null; readonly notAfter: number },
  at: At,
): string => {
  const { kept } = app.wordsWith(keptWords)
  if (notBefore === null) return kept.before(at(notAfter))
  return notAfter - notBefore <= oneTimeMs ? at(notAfter) : kept.between(at(notBefore), at(notAfter))
}

const startText = (app: AppState, { start, judged }: JudgedRunView, at: At): string => {
  const { kept } = app.wordsWith(keptWords)
  switch (start.how) {
    case 'at':
      return kept.at(whenText(app, start, at), kept.judged[judged.start])
    case 'none':
      return judged.start === 'open' ? kept.starts.due : kept.starts.none
    case 'went-on':
    case 'not-known':
    case 'to-come':
      return kept.starts[start.how]
  }
}

const stopText = (app: AppState, { stop, judged }: JudgedRunView, at: At): string => {
  const { kept } = app.wordsWith(keptWords)
  switch (stop.how) {
    case 'at':
      return kept.at(whenText(app, stop, at), kept.judged[judged.stop])
    case 'not-known':
      return kept.ranUntil(at(stop.ranUntil))
    case 'runs':
    case 'went-on':
    case 'none':
      return kept.stops[stop.how]
  }
}

const givenText = (app: AppState, { volume, plannedMl, start, judged }: JudgedRunView): string => {
  const { kept } = app.wordsWith(keptWords)
  const { volume: ml, percent } = app.formats.value
  if (volume === null) return start.how === 'at' || start.how === 'not-known' ? kept.notCounted : kept.stops.none
  const text =
    plannedMl === null
      ? kept.ml(ml(volume.ml))
      : kept.mlOf(ml(volume.ml), ml(plannedMl), `${percent((volume.ml / plannedMl) * 100)}${nbsp}%`)
  return kept.at(volume.atLeast ? kept.atLeast(text) : text, judged.volume === 'short' ? kept.judged.short : '')
}
