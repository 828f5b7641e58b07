import type { JSX } from 'preact'
import type { OnCallNow } from '#domain/on-call/api.ts'
import type { Formats } from '#dashboard/core/format.ts'
import { onCallWords } from '#dashboard/core/on-call-words.ts'
import { useApp } from './state/app-state.ts'

/** Of each team all places, the next change, gaps, and whether each person can be reached. */
export const OnCallDetails = ({ told, now }: { readonly told: OnCallNow; readonly now: number }): JSX.Element => (
  <>
    {told.teams.map((team) => (
      <Team key={team.teamId} team={team} told={told} now={now} />
    ))}
  </>
)

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
  const words = app.wordsWith(onCallWords)
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
              <dt>{words.rota.nextChange}</dt>
              <dd>{formats.moment(nextChangeAt, now)}</dd>
            </div>
          )}
          {gaps.slice(0, 3).map(({ from, to }) => (
            <div key={from} class="duty-gap">
              <dt>{words.rota.gap}</dt>
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
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(onCallWords)
  const found = told.reachability.find(({ person }) => person.userId === userId)
  if (found === undefined || found.reach === 'unknown') return null
  const time = (ms: number): string => formats.value.moment(ms, told.serverTime)
  const { provenAt, shiftCheck, readiness } = found
  const proofs = [
    ...(provenAt == null ? [] : [words.colleague.provenAt(time(provenAt))]),
    ...(shiftCheck == null
      ? []
      : [
          shiftCheck.heard
            ? words.colleague.heard(time(shiftCheck.at))
            : words.colleague.heardNothing(time(shiftCheck.at)),
        ]),
  ]
  const said = [
    ...(readiness?.duty === 'looking' ? [words.colleague.looking] : []),
    ...(readiness?.failing.map(({ item, reason }) => words.colleague.without(words.duty.item[item], reason)) ?? []),
  ]
  return (
    <span class="second" data-reach={found.reach}>
      {[words.rota.reach[found.reach], ...proofs, ...said].join(', ')}
    </span>
  )
}
