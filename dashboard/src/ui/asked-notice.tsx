import type { JSX } from 'preact'
import { historyWords } from '#dashboard/core/history-words.ts'
import type { ApiFailure } from '#dashboard/core/worker-protocol.ts'
import { useApp } from './state/app-state.ts'

interface AskedNoticeProps {
  readonly failure: ApiFailure
  readonly again: () => void
  /** When the answer that is still shown was made; null: none is. */
  readonly shownOf: number | null
}

/** What was asked did not come; what is shown is named by its time. */
export const AskedNotice = ({ failure, again, shownOf }: AskedNoticeProps): JSX.Element => {
  const app = useApp()
  const words = app.wordsWith(historyWords)
  return (
    <div class="notice asked-notice" role="alert">
      <p>
        {words.past.failed(words.failure[failure])}
        {shownOf !== null && ` ${words.past.old(app.formats.value.timeSeconds(shownOf))}`}
      </p>
      <button class="btn" onClick={again}>
        {words.tryAgain}
      </button>
    </div>
  )
}
