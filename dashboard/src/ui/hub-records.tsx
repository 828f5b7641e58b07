import { hubsWords } from '#dashboard/core/hubs-words.ts'
import type { JSX } from 'preact'
import type { HubRecord } from '#domain/live/hub-log.ts'
import { took } from '#dashboard/core/format.ts'
import { useApp } from './state/app-state.ts'

/** For engineers: events as they came, by arrival. No figures: the hubs' page never shows a pump's value. */
export const HubRecords = ({ records }: { readonly records: readonly HubRecord[] | null }): JSX.Element => {
  const text = useApp().wordsWith(hubsWords).hubs
  return (
    <section aria-label={text.records}>
      <h2>{text.records}</h2>
      <p class="second">{text.recordsHint}</p>
      {records !== null && records.length === 0 && <p class="hint">{text.recordsNone}</p>}
      {records !== null && records.length > 0 && (
        <div class="table-scroll hub-records" tabIndex={0} role="region" aria-label={text.records}>
          <table class="data-table">
            <thead>
              <tr>
                {(['received', 'what', 'of', 'took', 'number'] as const).map((column) => (
                  <th key={column} scope="col">
                    {text.recordColumns[column]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {records.map((record) => (
                <RecordRow key={`${record.bootId} ${record.seq}`} record={record} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

const RecordRow = ({ record }: { readonly record: HubRecord }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(hubsWords).hubs
  const { what, pumpId, bootId, seq, occurredAt, receivedAt, late } = record
  const { momentSeconds } = app.formats.value
  return (
    <tr data-testid="hub-record">
      <td>{momentSeconds(receivedAt, app.live.now.value ?? receivedAt)}</td>
      <td>
        <b>{what}</b>
      </td>
      <td>{pumpId ?? text.recordOfHub}</td>
      <td>
        <bdi>{took(receivedAt - occurredAt)}</bdi>
        {late && <span class="second">{text.recordLate}</span>}
      </td>
      <td>
        <bdi title={bootId}>{text.recordNumber(seq, bootId.slice(0, 8))}</bdi>
      </td>
    </tr>
  )
}
