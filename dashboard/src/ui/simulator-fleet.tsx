import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import type { FleetBody } from '#domain/simulators/control.ts'
import { fleetMixNames, fleetSpeeds, mostFleetPumps } from '#dashboard/core/simulator-fleet.ts'
import { simulatorWords } from '#dashboard/core/simulator-words.ts'
import { useApp } from './state/app-state.ts'
import type { SimulatorModel } from './state/simulator-model.ts'

/** Many pumps beside those of this machine, as hubs of their own: how many, by which chance, how fast. */
export const SimulatorFleet = ({ model }: { readonly model: SimulatorModel }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(simulatorWords).sim
  const told = model.fleet.value
  const running = told?.fleet ?? null
  return (
    <section class="card sim-fleet" aria-labelledby="sim-fleet">
      <h2 id="sim-fleet">{text.fleetTitle}</h2>
      {running === null ? (
        <FleetForm model={model} />
      ) : (
        <>
          <p data-testid="sim-fleet-runs">
            <b>{text.fleetRuns(app.formats.value.count(running.pumps), app.formats.value.count(running.hubs))}</b>
            <span class="second">{text.fleetAbout(text.mix[running.mix], running.seed, running.speed)}</span>
          </p>
          <button class="btn" data-testid="sim-fleet-stop" onClick={() => void model.driveFleet(null, text.fleetStop)}>
            {text.fleetStop}
          </button>
        </>
      )}
      <p class="second">{told === null || told.words === '' ? text.fleetHint : told.words}</p>
    </section>
  )
}

const FleetForm = ({ model }: { readonly model: SimulatorModel }): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  const pumps = useSignal('200')
  const seed = useSignal('1')
  const speed = useSignal('1')
  const mix = useSignal<FleetBody['mix']>('home')
  const submit = (event: Event): void => {
    event.preventDefault()
    const wanted = { pumps: Number(pumps.value), seed: Number(seed.value), speed: Number(speed.value), mix: mix.value }
    void model.driveFleet(wanted, text.fleetStart)
  }
  return (
    <form onSubmit={submit} data-testid="sim-fleet-form">
      <div class="sim-pair">
        <label class="field">
          <span>{text.fleetPumps}</span>
          <input
            type="number"
            min={1}
            max={mostFleetPumps}
            required
            value={pumps.value}
            onInput={(event) => (pumps.value = event.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span>{text.seed}</span>
          <input
            type="number"
            min={0}
            max={4294967295}
            required
            value={seed.value}
            onInput={(event) => (seed.value = event.currentTarget.value)}
          />
        </label>
      </div>
      <div class="sim-pair">
        <label class="field">
          <span>{text.fleetMix}</span>
          <select
            value={mix.value}
            onChange={(event) => (mix.value = fleetMixNames.find((one) => one === event.currentTarget.value) ?? 'home')}
          >
            {fleetMixNames.map((one) => (
              <option key={one} value={one}>
                {text.mix[one]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{text.speed}</span>
          <select value={speed.value} onChange={(event) => (speed.value = event.currentTarget.value)}>
            {fleetSpeeds.map((one) => (
              <option key={one} value={String(one)}>
                {text.times(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <button class="btn primary">{text.fleetStart}</button>
    </form>
  )
}
