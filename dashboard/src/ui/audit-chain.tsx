import type { JSX } from 'preact'
import type { ChainState } from '#domain/audit/api.ts'
import { auditWords } from '#dashboard/core/audit-words.ts'
import { age } from '#dashboard/core/format.ts'
import { useApp } from './state/app-state.ts'

interface Props {
  readonly chain: ChainState
  /** Server time of the answer, ms. */
  readonly now: number
}

/** Whether what is below can be believed, in one line; what is wrong stands under it. */
export const AuditChain = ({ chain, now }: Props): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(auditWords).audit
  const { count } = app.formats.value
  const { fault, head } = chain
  const state = fault !== null ? 'broken' : chain.verifiedAt === null ? 'following' : 'holds'
  const copied = head === null ? text.noHead : text.head(count(head.seq), age(now - head.at))
  const notes = [
    ...(chain.failing > 0 ? [text.failing(chain.failing)] : []),
    ...(chain.away ? [] : [text.sameDisk]),
    ...(chain.lost > 0 ? [text.lost(chain.lost)] : []),
  ]
  return (
    <section class={`audit-chain ${state}`} aria-label={text.chain} data-testid="audit-chain" data-state={state}>
      <p role={state === 'broken' ? 'alert' : undefined}>
        <b class="chain-state">{text[state]}</b>
        <span>{text.verified(count(chain.verifiedTo), count(chain.rows))}</span>
        <span>{copied}</span>
      </p>
      {fault !== null && (
        <p>
          <b>{text.brokenAt(count(fault.seq), problemOf(fault.problem, text.problem))}</b> {text.brokenHelp}
        </p>
      )}
      {notes.map((note) => (
        <p key={note} class="hint">
          {note}
        </p>
      ))}
    </section>
  )
}

const problemOf = (problem: string, words: Readonly<Record<string, string>>): string =>
  Object.hasOwn(words, problem) ? (words[problem] ?? problem) : problem
