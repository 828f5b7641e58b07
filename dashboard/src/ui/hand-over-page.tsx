import { handOverWords } from '#dashboard/core/hand-over-words.ts'
import './styles/hand-over.css'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { HandOverDuty } from './hand-over-duty.tsx'
import { HandOverGive } from './hand-over-give.tsx'
import { HandOverSheetView } from './hand-over-sheet.tsx'
import { useApp } from './state/app-state.ts'
import { HandOverModel } from './state/hand-over-model.ts'

/** Who is on call, whether they can be reached, and the sheet that the next shift reads back. */
export const HandOverPage = (): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(handOverWords).shift
  const may = app.mayAct.value
  const me = app.me.value?.userId ?? null
  const model = useMemo(() => new HandOverModel(app.link, me, () => void app.onCall.ask()), [app, me])
  useEffect(() => (may ? model.start() : undefined), [model, may])
  if (!may) return <p class="empty">{text.notYours}</p>
  return (
    <div class="hand-over">
      <div class="hand-over-side">
        <HandOverDuty model={model} />
        <HandOverGive model={model} />
      </div>
      <HandOverSheetView model={model} />
    </div>
  )
}
