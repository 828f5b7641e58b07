import type { JSX } from 'preact'
import type { PushDeviceView } from '#domain/live/push-api.ts'
import { pushWords } from '#dashboard/core/push-words.ts'
import { reasonWords, repairSteps } from '#dashboard/core/push-reasons.ts'
import { useApp } from './state/app-state.ts'
import type { TestStep } from './state/push-state.ts'

/** Own devices: turn this one on, test each, and what the browser needs first. */
export const PushDevices = (): JSX.Element => {
  const app = useApp()
  const { push } = app
  const words = app.wordsWith(pushWords)
  const text = words.push
  const devices = push.devices.value ?? []
  return (
    <div class="push push-devices" data-testid="push-dialog">
      <ThisDevice />
      {devices.length > 0 && (
        <ul class="devices" aria-label={text.list}>
          {devices.map((device) => (
            <Device key={device.deviceId} device={device} />
          ))}
        </ul>
      )}
    </div>
  )
}

const ThisDevice = (): JSX.Element => {
  const app = useApp()
  const { push } = app
  const words = app.wordsWith(pushWords)
  const text = words.push
  const look = push.look.value
  const problem = push.problem.value
  if (look === null) return <p class="hint">{words.live.connecting}</p>
  if (look.ability === 'blocked')
    return (
      <>
        <p role="alert">{text.ability.blocked}</p>
        <ol class="repair" data-testid="push-repair">
          {repairSteps(text, look.name).map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </>
    )
  if (look.ability !== 'possible') return <p role="alert">{text.ability[look.ability]}</p>
  if (push.here.value !== null) return <p data-testid="push-here">{text.on(push.here.value.name)}</p>
  return (
    <>
      <button
        type="button"
        class="btn primary"
        data-testid="push-on"
        aria-disabled={push.busy.value}
        onClick={() => void push.turnOn()}
      >
        {push.busy.value ? text.turningOn : text.turnOn}
      </button>
      {look.subscription === null ? (
        <p class="hint">{text.ask}</p>
      ) : (
        !push.wasHere.value && <p class="hint">{text.somebodyElse}</p>
      )}
      {problem !== null && (
        <p role="alert" data-testid="push-problem">
          {text.failure[problem]}
        </p>
      )}
    </>
  )
}

const Device = ({ device }: { readonly device: PushDeviceView }): JSX.Element => {
  const app = useApp()
  const { push } = app
  const words = app.wordsWith(pushWords)
  const text = words.push
  const { deviceId, name } = device
  const test = push.tests.value.get(deviceId)
  const waiting = test?.step === 'sending' || test?.step === 'taken'
  return (
    <li class={device.gone ? 'gone' : ''} data-testid="push-device" data-step={test?.step ?? 'idle'}>
      <b>{name}</b>
      <span class="hint" role="status">
        {test === undefined ? <LastHeard device={device} /> : <Tested test={test} />}
      </span>
      <span class="device-acts">
        {!device.gone && (
          <button
            type="button"
            class="btn"
            aria-label={text.testOf(name)}
            aria-disabled={waiting}
            data-testid="push-test"
            onClick={() => (waiting ? undefined : void push.test(deviceId))}
          >
            {text.test}
          </button>
        )}
        <button
          type="button"
          class="btn quiet"
          aria-label={text.removeOf(name)}
          data-testid="push-off"
          onClick={() => void push.turnOff(deviceId)}
        >
          {text.remove}
        </button>
      </span>
    </li>
  )
}

const LastHeard = ({ device }: { readonly device: PushDeviceView }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(pushWords).push
  const time = (at: number): string => app.formats.value.time(at)
  const { gone, lastShownAt, lastFailureAt, lastFailure } = device
  if (gone) return <>{text.gone}</>
  if (lastFailureAt !== null && lastFailureAt > (lastShownAt ?? 0))
    return <>{text.failed(time(lastFailureAt), reasonWords(text, lastFailure))}</>
  return <>{lastShownAt === null ? text.neverShown : text.shown(time(lastShownAt))}</>
}

const Tested = ({ test }: { readonly test: TestStep }): JSX.Element => {
  const text = useApp().wordsWith(pushWords).push
  switch (test.step) {
    case 'sending':
      return <>{text.testing}</>
    case 'taken':
      return <>{text.taken}</>
    case 'shown':
      return <b>{text.seen((test.afterMs / 1000).toFixed(1))}</b>
    case 'not-shown':
      return <b>{text.notSeen}</b>
    case 'timed-out':
      return <b>{text.timedOut}</b>
    case 'refused':
      return <b>{text.refused(reasonWords(text, test.reason))}</b>
    case 'server':
      return <b>{text.failure.server}</b>
  }
}
