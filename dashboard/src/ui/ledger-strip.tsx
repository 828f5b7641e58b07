import type { JSX } from 'preact'
import type { LedgerKind } from '#dashboard/core/ledger-strip.ts'
import { ledgerWords } from '#dashboard/core/ledger-words.ts'
import { useApp } from './state/app-state.ts'

const height = 22
const kinds = ['here', 'part', 'waiting', 'missing', 'none'] as const

interface StripProps {
  readonly cells: readonly LedgerKind[]
  readonly from: number
  readonly to: number
  readonly now: number
}

/** One cell an hour: full is all here, half has a reason, hatch may come, black is missing. Shape and words, never colour alone. */
export const LedgerStrip = ({ cells, from, to, now }: StripProps): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(ledgerWords).ledger
  const { moment } = app.formats.value
  const full = cells.filter((kind) => kind === 'here').length
  const seen = kinds.filter((kind) => cells.includes(kind))
  return (
    <figure class="ledger-figure">
      <svg
        class="ledger-strip"
        viewBox={`0 0 ${cells.length * 10} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${text.strip(cells.length)}: ${text.stripSums(full, cells.length)}`}
      >
        <Pattern />
        {cells.map((kind, at) => (
          <Cell key={at} kind={kind} x={at * 10} width={cells.length > 48 ? 10 : 9} />
        ))}
      </svg>
      <span class="ledger-ends" aria-hidden="true">
        <span>{moment(from, now)}</span>
        <span>{moment(to, now)}</span>
      </span>
      <ul class="strip-legend">
        {seen.map((kind) => (
          <li key={kind}>
            <svg width="14" height="14" viewBox={`0 0 9 ${height}`} preserveAspectRatio="none" aria-hidden="true">
              <Cell kind={kind} x={0} width={9} />
            </svg>
            {text.legend[kind]}
          </li>
        ))}
      </ul>
    </figure>
  )
}

const Cell = ({
  kind,
  x,
  width,
}: {
  readonly kind: LedgerKind
  readonly x: number
  readonly width: number
}): JSX.Element =>
  kind === 'part' ? (
    <rect class="ledger-here" x={x} y={height / 2} width={width} height={height / 2} />
  ) : (
    <rect class={`ledger-${kind}`} x={x} y={0.5} width={width} height={height - 1} />
  )

const Pattern = (): JSX.Element => (
  <defs>
    <pattern id="ledger-hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <rect class="ledger-ground" width="4" height="4" />
      <rect class="ledger-line" width="2" height="4" />
    </pattern>
  </defs>
)
