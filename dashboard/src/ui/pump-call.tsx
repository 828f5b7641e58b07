import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { pumpWords } from '#dashboard/core/pump-words.ts'
import { Icon } from './icons.tsx'
import { Modal } from './modal.tsx'
import { useApp } from './state/app-state.ts'
import type { PumpModel } from './state/pump-model.ts'
import type { PumpPageModel } from './state/pump-page-model.ts'

interface CallProps {
  readonly pump: PumpModel
  readonly page: PumpPageModel
}

/** Shows the number when somebody means to call, and not before: each look at it is a request of its own. */
export const PumpCall = ({ pump, page }: CallProps): JSX.Element | null => {
  const words = useApp().wordsWith(pumpWords)
  const open = useSignal(false)
  if ((page.about.value?.use ?? null) === null) return null
  return (
    <>
      <button class="btn call" data-testid="call-patient" onClick={() => (open.value = true)}>
        <Icon name="call" size={18} />
        {words.pump.call}
      </button>
      {open.value && <CallDialog pump={pump} close={() => (open.value = false)} />}
    </>
  )
}

const CallDialog = ({ pump, close }: { readonly pump: PumpModel; readonly close: () => void }): JSX.Element => {
  const app = useApp()
  const { link } = app
  const words = app.wordsWith(pumpWords)
  const told = useSignal<{ readonly phone: string | null } | 'failed' | null>(null)
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const answer = await link.request<'phone'>({ what: 'phone', pumpId: pump.id })
      if (answer.ok) told.value = { phone: answer.body }
      else told.value = answer.failure === 'not-found' ? { phone: null } : 'failed'
    }
    void ask()
  }, [link, pump, told])
  const number = told.value
  return (
    <Modal title={words.pump.callTitle(pump.label)} close={close}>
      <div class="call-dialog" data-testid="call-dialog">
        {number === null ? (
          <p class="hint">{words.pump.calling}</p>
        ) : number === 'failed' ? (
          <p class="notice">{words.pump.callFailed}</p>
        ) : number.phone === null ? (
          <p class="notice">{words.pump.callNone}</p>
        ) : (
          <a class="call-number" href={`tel:${number.phone.replaceAll(/[^\d+]/g, '')}`}>
            {number.phone}
          </a>
        )}
        <p>{words.pump.callSecond(pump.id)}</p>
      </div>
    </Modal>
  )
}
