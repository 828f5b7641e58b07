import type { JSX } from 'preact'
import type { OnCallNow } from '#domain/on-call/api.ts'
import { isLoud, onCallLook } from '#dashboard/core/on-call-look.ts'
import type { OnCallLook } from '#dashboard/core/on-call-look.ts'
import type { Formats } from '#dashboard/core/format.ts'
import { useApp } from './state/app-state.ts'
import type { AppState } from './state/app-state.ts'

/** Who is paged now. Loud when nobody is, or soon will not be. */
export const OnCallChip = (): JSX.Element | null => {
  const app = useApp()
  const { words } = app
  // Engineers repair hubs: nobody pages them for an alarm.
  if (!app.mayAct.value) return null
  const told = app.onCall.told.value
  const now = app.live.now.value
  const look = onCallLook(told, now)
  return (
    <details class="menu duty-menu">
      <summary class={`chip ${isLoud(look) ? 'worst' : 'calm'}`} data-testid="on-call" data-state={look.is}>
        <span class="chip-label">{words.onCall.label} </span>
        <b>{onCallText(app, look)}</b>
      </summary>
      <div class="menu-panel">
        {told === null ? (
          <p class="menu-head">{words.onCall.unknownWhy}</p>
        ) : (
          told.teams.map((team) => <Team key={team.teamId} team={team} told={told} now={now ?? told.serverTime} />)
        )}
      </div>
    </details>
  )
}

export const onCallText = (app: AppState, look: OnCallLook): string => {
  const { words } = app
  const at = (ms: number): string => app.formats.value.moment(ms, app.live.now.value ?? ms)
  switch (look.is) {
    case 'covered':
      return words.onCall.covered(look.primary, look.next)
    case 'gap-soon':
      return words.onCall.gapSoon(look.primary, at(look.from))
    case 'nobody':
      return words.onCall.nobody(look.until === null ? null : at(look.until))
    case 'no-rota':
      return words.onCall.noRota
    case 'unknown':
      return words.onCall.unknown
  }
}

const Team = ({
  team,
  told,
  now,
}: {
  readonly team: OnCallNow['teams'][number]
  readonly told: OnCallNow
  readonly now: number
}): JSX.Element => {
  const app = useApp()
  const { words } = app
  const formats: Formats = app.formats.value
  const { duty, gaps, nextChangeAt, timeZone } = team
  return (
    <section class="duty-team">
      <p class="menu-head">{team.name}</p>
      {timeZone === null ? (
        <p>{words.onCall.noRotaWhy}</p>
      ) : (
        <dl>
          {(['primary', 'backup', 'lead'] as const).map((place) => (
            <div key={place}>
              <dt>{words.onCall.places[place]}</dt>
              <dd>
                <b>{duty[place]?.name ?? words.onCall.nobodyShort}</b>
                <ReachNote userId={duty[place]?.userId ?? null} told={told} />
              </dd>
            </div>
          ))}
          {nextChangeAt !== null && (
            <div>
              <dt>{words.onCall.nextChange}</dt>
              <dd>{formats.moment(nextChangeAt, now)}</dd>
            </div>
          )}
          {gaps.slice(0, 3).map(({ from, to }) => (
            <div key={from} class="duty-gap">
              <dt>{words.onCall.gap}</dt>
              <dd>
                <b>{words.onCall.fromTo(formats.moment(from, now), formats.moment(to, now))}</b>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

/** Only what is known: that nothing watches a person says nothing about the person. */
const ReachNote = ({
  userId,
  told,
}: {
  readonly userId: string | null
  readonly told: OnCallNow
}): JSX.Element | null => {
  const { words, formats } = useApp()
  const found = told.reachability.find(({ person }) => person.userId === userId)
  if (found === undefined || found.reach === 'unknown') return null
  const time = (ms: number): string => formats.value.moment(ms, told.serverTime)
  const { provenAt, shiftCheck, readiness } = found
  const proofs = [
    ...(provenAt == null ? [] : [words.path.person.provenAt(time(provenAt))]),
    ...(shiftCheck == null
      ? []
      : [
          shiftCheck.heard
            ? words.path.person.heard(time(shiftCheck.at))
            : words.path.person.heardNothing(time(shiftCheck.at)),
        ]),
  ]
  const said = [
    ...(readiness?.duty === 'looking' ? [words.duty.person.looking] : []),
    ...(readiness?.failing.map(({ item, reason }) => words.duty.person.without(words.duty.item[item], reason)) ?? []),
  ]
  return (
    <span class="second" data-reach={found.reach}>
      {[words.onCall.reach[found.reach], ...proofs, ...said].join(', ')}
    </span>
  )
}
