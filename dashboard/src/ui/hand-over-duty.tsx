import type { JSX } from 'preact'
import type { OnCallNow } from '#domain/on-call/api.ts'
import type { Duty } from '#domain/on-call/duty.ts'
import { handOverWords } from '#dashboard/core/hand-over-words.ts'
import { age } from '#dashboard/core/format.ts'
import { reachLook } from '#dashboard/core/reach-look.ts'
import { useApp } from './state/app-state.ts'
import type { HandOverModel } from './state/hand-over-model.ts'

const places = ['primary', 'backup', 'lead'] as const
const reachClass = {
  reachable: '',
  doubtful: 'chip doubtful',
  unreachable: 'chip worst',
  unknown: 'chip worst',
} as const
/** What was told longer ago is not shown as true. */
const reachOldMs = 10_000

/** On now, next, gaps, and whether each of them can be reached. */
export const HandOverDuty = ({ model }: { readonly model: HandOverModel }): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const text = words.shift
  const told = app.onCall.told.value
  return (
    <section class="card duty" aria-labelledby="duty-title">
      <h2 id="duty-title">{text.duty}</h2>
      {told === null ? (
        <p>{words.onCall.unknownWhy}</p>
      ) : (
        <>
          {told.teams.map((team) => (
            <DutyTeam key={team.teamId} team={team} model={model} now={told.serverTime} />
          ))}
          <Reach told={told} />
        </>
      )}
    </section>
  )
}

interface TeamProps {
  readonly team: OnCallNow['teams'][number]
  readonly model: HandOverModel
  readonly now: number
}

const DutyTeam = ({ team, model, now }: TeamProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(handOverWords)
  const text = words.shift
  const { moment } = app.formats.value
  const sheet = model.sheet.value
  const next = sheet?.teamId === team.teamId ? sheet.next : null
  return (
    <div class="duty-block">
      <h3>{team.name}</h3>
      {team.timeZone === null ? (
        <p>{words.onCall.noRotaWhy}</p>
      ) : (
        <>
          <p class="label">{text.onNow}</p>
          <Places duty={team.duty} />
          <p class="label">
            {text.next}
            {team.nextChangeAt !== null && ` ${text.nextAt(moment(team.nextChangeAt, now))}`}
          </p>
          {next === null ? team.nextChangeAt === null && <p>{text.noChange}</p> : <Places duty={next.duty} />}
          <p class="label">{text.gaps}</p>
          {team.gaps.length === 0 ? (
            <p>{text.noGaps}</p>
          ) : (
            <ul>
              {team.gaps.slice(0, 4).map(({ from, to }) => (
                <li key={from} class="gap-line">
                  <b>{words.onCall.fromTo(moment(from, now), moment(to, now))}</b>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  )
}

const Places = ({ duty }: { readonly duty: Duty }): JSX.Element => {
  const { words } = useApp()
  return (
    <dl class="places">
      {places.map((place) => (
        <div key={place}>
          <dt>{words.onCall.places[place]}</dt>
          <dd class={place === 'primary' && duty[place] === null ? 'nobody' : ''}>
            {duty[place]?.name ?? words.onCall.nobodyShort}
          </dd>
        </div>
      ))}
    </dl>
  )
}

const Reach = ({ told }: { readonly told: OnCallNow }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(handOverWords).shift
  const formats = app.formats.value
  const now = app.live.now.value ?? told.serverTime
  const old = now - told.serverTime > reachOldMs || app.live.frozen.value
  return (
    <div class={`duty-block ${old ? 'hatch' : ''}`}>
      <div class={old ? 'plate' : ''}>
        <h3>{text.reach}</h3>
        <p class="hint" data-testid="reach-as-of" data-old={old}>
          {text.reachAsOf(formats.timeSeconds(told.serverTime))}
          {old && `, ${text.reachOld(age(now - told.serverTime))}`}
        </p>
        {told.reachability.length === 0 && <p>{text.reachNobody}</p>}
        <ul class="reach-list">
          {told.reachability.map((one) => (
            <ReachOf key={one.person.userId} one={one} />
          ))}
        </ul>
        {app.me.value?.role !== 'lead' && <p class="hint">{text.reachOwn}</p>}
      </div>
    </div>
  )
}

const ReachOf = ({ one }: { readonly one: OnCallNow['reachability'][number] }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(handOverWords).shift
  const { moment } = app.formats.value
  const now = app.live.now.value ?? 0
  const look = reachLook(one)
  return (
    <li data-reach={look.reach}>
      <p class="reach-name">
        <b>{one.person.name}</b>
        <span class={reachClass[look.reach]}>{text.reachWord[look.reach]}</span>
      </p>
      <dl class="holds">
        {(['tab', 'audio', 'push', 'clock'] as const).map((what) => (
          <div key={what} data-holds={look[what]}>
            <dt>{text.holds[what]}</dt>
            <dd>{text.holdsWord[what][look[what]]}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        {[
          look.provenAt === null ? text.neverProven : text.proven(moment(look.provenAt, now)),
          ...(look.shiftCheck === null
            ? []
            : [(look.shiftCheck.heard ? text.heard : text.notHeard)(moment(look.shiftCheck.at, now))]),
          ...(look.hidden ? [text.hidden] : []),
        ].join(', ')}
      </p>
    </li>
  )
}
