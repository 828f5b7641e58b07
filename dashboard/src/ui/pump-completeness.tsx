import type { JSX } from 'preact'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { nbsp } from '#dashboard/core/format.ts'
import { useApp } from './state/app-state.ts'
import type { PumpPageModel } from './state/pump-page-model.ts'

/** Is the picture above whole? */
export const PumpCompleteness = ({ page }: { readonly page: PumpPageModel }): JSX.Element => {
  const app = useApp()
  const { formats } = app
  const words = app.wordsWith(pumpWords)
  const told = page.completeness.value
  const percent = told?.percent ?? null
  return (
    <section class="card completeness" aria-labelledby="completeness-title" data-testid="completeness">
      <h3 id="completeness-title">{words.pump.completeness}</h3>
      {page.failed.value.has('completeness') ? (
        <p class="hint">{words.pump.completenessFailed}</p>
      ) : told === null || percent === null ? (
        <p class="hint">{words.pump.completenessUnknown}</p>
      ) : (
        <p>
          <b>{words.pump.completenessOf(`${formats.value.percent(percent)}${nbsp}%`)}</b>
          <span class="second">
            {words.pump.completenessCount(formats.value.count(told.stored), formats.value.count(told.expected))}
          </span>
        </p>
      )}
    </section>
  )
}
