import './styles/ledger.css'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { HubId } from '#domain/ids.ts'
import type { HubLedger as Ledger, LedgerHour } from '#domain/live/ledger.ts'
import { hoursWithGaps, ledgerCells, ledgerPumps } from '#dashboard/core/ledger-strip.ts'
import { ledgerWords } from '#dashboard/core/ledger-words.ts'
import { LedgerStrip } from './ledger-strip.tsx'
import { useApp } from './state/app-state.ts'
import { LedgerModel, ledgerSpans } from './state/ledger-model.ts'

const hourMs = 3_600_000
const mostHours = 12
const parts = ['unaccounted', 'waiting', 'thinned', 'refused'] as const
const columns = ['pump', 'stored', 'late', 'joined', 'missing'] as const

/** What became of every record that a hub numbered, in words first. Ids of devices only. */
export const HubLedger = ({ hubId }: { readonly hubId: HubId }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(ledgerWords).ledger
  const model = useMemo(() => new LedgerModel(app.link, hubId), [app, hubId])
  useEffect(() => void model.ask(), [model])
  const ledger = model.ledger.value
  const failure = model.failure.value
  return (
    <section class="ledger" aria-labelledby={`ledger-${hubId}`} data-testid="hub-ledger">
      <div class="ledger-head">
        <h2 id={`ledger-${hubId}`}>{text.title}</h2>
        <span class="segmented" role="group" aria-label={text.spans}>
          {ledgerSpans.map((span) => (
            <button
              key={span}
              type="button"
              aria-pressed={model.span.value === span}
              onClick={() => void model.ask(span)}
            >
              {text.span[span]}
            </button>
          ))}
        </span>
      </div>
      {failure !== null && (
        <p class="notice" role="alert">
          {app.words.failure[failure]}{' '}
          <button type="button" class="btn" onClick={() => void model.ask()}>
            {text.again}
          </button>
        </p>
      )}
      {ledger === null ? failure === null && <p class="hint">{text.loading}</p> : <Told ledger={ledger} />}
    </section>
  )
}

const Told = ({ ledger }: { readonly ledger: Ledger }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(ledgerWords).ledger
  const { count, moment } = app.formats.value
  const { total, heardAt, serverTime } = ledger
  const { produced, stored, unaccounted, waiting, thinned, refused } = total
  if (produced === 0 && ledger.hours.length === 0) return <p class="hint">{text.none}</p>
  return (
    <>
      <div class="ledger-sum" data-testid="ledger-sum" data-missing={unaccounted}>
        {unaccounted > 0 ? (
          <>
            <p class="ledger-word">
              <b>{text.missing(count(unaccounted), count(produced))}</b>
            </p>
            <p>{text.missingMeans}</p>
          </>
        ) : (
          <p class="ledger-word">
            <b>{stored === produced ? text.allHere(count(produced)) : text.notMissing(count(produced))}</b>
          </p>
        )}
        {waiting > 0 && <p>{text.waits(count(waiting))}</p>}
        {thinned > 0 && <p>{text.thinned(count(thinned))}</p>}
        {refused > 0 && <p>{text.refused(count(refused))}</p>}
        <p class="second">{heardAt === null ? text.neverHeard : text.heard(moment(heardAt, serverTime))}</p>
      </div>
      <LedgerStrip cells={ledgerCells(ledger)} from={ledger.from} to={ledger.to} now={serverTime} />
      <div class="ledger-lists">
        <Gaps ledger={ledger} />
        <Pumps ledger={ledger} />
      </div>
    </>
  )
}

const Gaps = ({ ledger }: { readonly ledger: Ledger }): JSX.Element | null => {
  const text = useApp().wordsWith(ledgerWords).ledger
  const hours = hoursWithGaps(ledger)
  if (hours.length === 0) return null
  return (
    <div>
      <h3>{text.hours}</h3>
      <ol class="ledger-hours">
        {hours.slice(0, mostHours).map((hour) => (
          <Hour key={hour.at} hour={hour} now={ledger.serverTime} />
        ))}
      </ol>
      {hours.length > mostHours && <p class="hint">{text.moreHours(hours.length - mostHours)}</p>}
    </div>
  )
}

const Hour = ({ hour, now }: { readonly hour: LedgerHour; readonly now: number }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(ledgerWords).ledger
  const { count, moment, time } = app.formats.value
  return (
    <li data-testid="ledger-hour" data-missing={hour.unaccounted}>
      <span class="ledger-at">{text.hour(moment(hour.at, now), time(hour.at + hourMs))}</span>
      <span>
        {parts
          .filter((part) => hour[part] > 0)
          .map((part) => (
            <span key={part} class="ledger-part" data-part={part}>
              {part === 'unaccounted' ? (
                <b>{text.parts[part](count(hour[part]))}</b>
              ) : (
                text.parts[part](count(hour[part]))
              )}
            </span>
          ))}
        <span class="second">{text.of(count(hour.produced))}</span>
      </span>
    </li>
  )
}

const Pumps = ({ ledger }: { readonly ledger: Ledger }): JSX.Element | null => {
  const app = useApp()
  const text = app.wordsWith(ledgerWords).ledger
  const { count } = app.formats.value
  const pumps = ledgerPumps(ledger)
  if (pumps.length === 0) return null
  const isMissing = pumps.some(({ missing }) => missing > 0)
  const shown = columns.filter(
    (column) =>
      column === 'pump' || column === 'stored' || column === 'missing' || pumps.some((pump) => pump[column] > 0),
  )
  return (
    <div>
      <h3>{text.pumps}</h3>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={text.pumps}>
        <table class="data-table ledger-pumps">
          <thead>
            <tr>
              {shown.map((column) => (
                <th key={column} scope="col" class={column === 'pump' ? '' : 'number'}>
                  {text.columns[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pumps.map((pump) => (
              <tr key={pump.pumpId} data-testid="ledger-pump" data-pump={pump.pumpId}>
                {shown.map((column) =>
                  column === 'pump' ? (
                    <th key={column} scope="row">
                      {pump.pumpId}
                    </th>
                  ) : (
                    <td key={column} class="number">
                      {column === 'missing' && pump.missing > 0 ? <b>{count(pump.missing)}</b> : count(pump[column])}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isMissing && pumps.length > 1 && <p class="hint">{text.missingHint}</p>}
    </div>
  )
}
