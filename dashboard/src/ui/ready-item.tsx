import type { JSX } from 'preact'
import type { ReadyItem } from '#domain/on-call/readiness.ts'
import { readinessWords } from '#dashboard/core/readiness-words.ts'
import { needsReason } from '#dashboard/core/ready-items.ts'
import type { ItemState } from '#dashboard/core/ready-items.ts'
import { Icon } from './icons.tsx'
import { PushDevices } from './push-devices.tsx'
import { SoundControls } from './sound-controls.tsx'
import { useApp } from './state/app-state.ts'

interface ItemProps {
  readonly item: ReadyItem
  readonly state: ItemState
}

/** One thing that was tried: what came of it, what only she can answer, and why she goes on duty without it. */
export const ReadyItemRow = ({ item, state }: ItemProps): JSX.Element => {
  const app = useApp()
  const { readiness } = app
  const words = app.wordsWith(readinessWords)
  const text = words.readiness
  return (
    <li class={`ready-item ${state}`} data-testid={`ready-${item}`} data-state={state}>
      <span class="ready-mark" aria-hidden="true">
        <Icon name={state === 'ok' ? 'check' : state === 'failed' ? 'crossed' : 'eye'} size={18} />
      </span>
      <div class="ready-what">
        <h3>
          {words.duty.item[item]} <span class="ready-state">{text.state[state]}</span>
        </h3>
        <div role="status">
          <Detail item={item} state={state} />
        </div>
        {needsReason(readiness.items.value, item) && (
          <label class="field">
            <span>{text.reason}</span>
            <input
              type="text"
              maxLength={300}
              aria-label={text.reasonFor(words.duty.item[item])}
              data-testid={`reason-${item}`}
              value={readiness.reasons.value[item] ?? ''}
              onInput={(event) => readiness.explain(item, event.currentTarget.value)}
            />
          </label>
        )}
      </div>
    </li>
  )
}

const Detail = ({ item, state }: ItemProps): JSX.Element => {
  const app = useApp()
  const { readiness } = app
  const words = app.wordsWith(readinessWords)
  const text = words.readiness
  switch (item) {
    case 'sound':
      return <Sound state={state} />
    case 'push':
      return (
        <>
          {state === 'waiting' && <p>{text.push.waiting}</p>}
          {state === 'failed' && <p>{readiness.noDevice ? text.push.none : text.push.failed}</p>}
          <PushDevices />
        </>
      )
    case 'page':
      return <TestPage state={state} />
    case 'screen':
      return <p>{text.screen[readiness.awake.value]}</p>
    case 'browser':
      return <p>{state === 'ok' ? text.browser.ok : text.browser.missing(readiness.missing.join(', '))}</p>
  }
}

const Sound = ({ state }: { readonly state: ItemState }): JSX.Element => {
  const app = useApp()
  const { readiness, path, formats } = app
  const words = app.wordsWith(readinessWords)
  const text = words.readiness.sound
  const check = path.check.value
  return (
    <>
      {state === 'asking' && path.step.value !== 'asking' && <p>{text.first}</p>}
      {state === 'asking' && path.step.value === 'asking' && (
        <>
          <p>
            <b>{text.question}</b>
          </p>
          <p class="answers">
            <button type="button" class="btn primary" data-testid="shift-yes" onClick={() => readiness.hear(true)}>
              {text.yes}
            </button>
            <button type="button" class="btn" data-testid="shift-no" onClick={() => readiness.hear(false)}>
              {text.no}
            </button>
          </p>
        </>
      )}
      {state === 'failed' && <p>{readiness.heard.value === false ? text.nothing : text.notArmed}</p>}
      {state === 'ok' && check?.heard === true && <p>{text.heard(formats.value.time(check.at))}</p>}
      <p>
        <button type="button" class="btn" data-testid="shift-play" onClick={() => readiness.playAgain()}>
          {text.again}
        </button>
      </p>
      <SoundControls />
    </>
  )
}

const TestPage = ({ state }: { readonly state: ItemState }): JSX.Element => {
  const app = useApp()
  const { readiness } = app
  const words = app.wordsWith(readinessWords)
  const text = words.readiness.page
  if (state === 'asking')
    return (
      <>
        <p>
          <b>{text.question}</b>
        </p>
        <p class="answers">
          <button
            type="button"
            class="btn primary"
            data-testid="page-yes"
            onClick={() => (readiness.seen.value = true)}
          >
            {text.yes}
          </button>
          <button type="button" class="btn" data-testid="page-no" onClick={() => (readiness.seen.value = false)}>
            {text.no}
          </button>
        </p>
      </>
    )
  if (readiness.seen.value === null) return <p>{text.needsPush}</p>
  return <p>{state === 'ok' ? text.seen : text.notSeen}</p>
}
