import { simulatorWords } from '#dashboard/core/simulator-words.ts'
import './styles/simulator.css'
import type { JSX } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import type { SimulatedPumpReport } from '#domain/simulators/control.ts'
import { virtualTime } from '#dashboard/core/simulator-log.ts'
import { SimulatorClockBar } from './simulator-clock.tsx'
import { SimulatorDrive } from './simulator-drive.tsx'
import { SimulatorFleet } from './simulator-fleet.tsx'
import { SimulatorInvariants } from './simulator-invariants.tsx'
import { useApp } from './state/app-state.ts'
import { SimulatorModel } from './state/simulator-model.ts'

/** Simulated pumps as they really are, what can be done to them, and what must hold. Demonstrations only. */
export const SimulatorPage = (): JSX.Element => {
  const app = useApp()
  const may = app.may('simulators.drive')
  const model = useMemo(() => new SimulatorModel(app), [app])
  useEffect(() => (may ? model.start() : undefined), [model, may])
  if (!may) return <p class="empty">{app.wordsWith(simulatorWords).sim.notYours}</p>
  return <Console model={model} />
}

const Console = ({ model }: { readonly model: SimulatorModel }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(simulatorWords).sim
  const list = model.list.value
  const failure = model.failure.value
  const away = failure !== null && (
    <p class="notice" role="alert" data-testid="simulators-away">
      {text.away(failure.detail ?? app.words.failure[failure.failure])} {list !== null && text.lastKnown}
    </p>
  )
  if (list === null) return away === false ? <p class="hint">{text.loading}</p> : away
  if (list.pumps.length === 0) return <p class="empty">{text.none}</p>
  return (
    <div class="simulator">
      {away}
      <SimulatorClockBar model={model} list={list} />
      <Refused model={model} />
      <div class="simulator-columns">
        <div class="simulator-main">
          <Pumps model={model} pumps={list.pumps} />
          <Log model={model} />
        </div>
        <div class="simulator-side">
          <SimulatorInvariants model={model} paused={list.paused} />
          <SimulatorDrive model={model} />
          <SimulatorFleet model={model} />
        </div>
      </div>
    </div>
  )
}

const Refused = ({ model }: { readonly model: SimulatorModel }): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(simulatorWords).sim
  const refused = model.refused.value
  const done = model.done.value
  return (
    <div role="status" data-testid="simulator-told">
      {refused !== null && (
        <p class="notice">{text.refused(refused.what, refused.detail ?? app.words.failure[refused.failure])}</p>
      )}
      {done !== null && <p class="hint">{text.done(done)}</p>}
    </div>
  )
}

interface PumpsProps {
  readonly model: SimulatorModel
  readonly pumps: readonly SimulatedPumpReport[]
}

const columns = ['state', 'rate', 'infused', 'pressure', 'battery', 'alarms', 'faults', 'scenario', 'time'] as const

const Pumps = ({ model, pumps }: PumpsProps): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  return (
    <div>
      <h2>{text.pumps}</h2>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={text.pumps}>
        <table class="data-table sim-table">
          <thead>
            <tr>
              <th scope="col">{text.columns.pump}</th>
              {columns.map((column) => (
                <th key={column} scope="col" data-column={column}>
                  {text.columns[column]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {pumps.map((pump) => (
              <PumpRow key={pump.id} pump={pump} model={model} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

const PumpRow = ({
  pump,
  model,
}: {
  readonly pump: SimulatedPumpReport
  readonly model: SimulatorModel
}): JSX.Element => {
  const app = useApp()
  const text = app.wordsWith(simulatorWords).sim
  const { rate, volume, whole } = app.formats.value
  const chosen = model.chosen.value === pump.id
  return (
    <tr class={chosen ? 'chosen' : ''} data-testid="sim-pump" data-pump={pump.id}>
      <th scope="row">
        <button class="sim-choose" aria-pressed={chosen} onClick={() => model.choose(chosen ? null : pump.id)}>
          {pump.id}
        </button>
        <span class="second">{pump.protocol}</span>
      </th>
      <td data-column="state">
        {pump.operatingState}
        {!pump.plugged && <b class="second">{text.unplugged}</b>}
      </td>
      <td data-column="rate">{rate(pump.rateMlPerHour)}</td>
      <td data-column="infused">{volume(pump.infusedTotalMl)}</td>
      <td data-column="pressure">{whole(pump.linePressureMmHg)}</td>
      <td data-column="battery">{text.percent(whole(pump.batteryPercent))}</td>
      <td data-column="alarms">{pump.activeAlarms.join(', ')}</td>
      <td data-column="faults">{pump.faults.join(', ')}</td>
      <td data-column="scenario">{pump.scenario}</td>
      <td data-column="time">{virtualTime(pump.virtualMs)}</td>
    </tr>
  )
}

const Log = ({ model }: { readonly model: SimulatorModel }): JSX.Element => {
  const text = useApp().wordsWith(simulatorWords).sim
  const log = model.log.value
  return (
    <section class="card sim-log" aria-labelledby="sim-log">
      <h2 id="sim-log">{text.log}</h2>
      {log.length === 0 && <p class="hint">{text.logNone}</p>}
      <ol>
        {log.map(({ key, virtualMs, pumpId, what, detail }) => (
          <li key={key}>
            <span class="sim-time">{virtualTime(virtualMs)}</span>
            <b>{pumpId}</b>
            <span>
              {text.logWords[what]} {detail}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
