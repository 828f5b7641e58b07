import type { SimulatorClock } from '#domain/simulators/control.ts'
import { abilitiesOf } from './abilities.ts'
import type { Controlled, ControlledPump } from './control.ts'
import { isProgramFault, type ProgramFault } from './faults/catalog.ts'
import type { Link } from './pump-report.ts'
import type { PumpRunner } from './pump-runner.ts'
import type { SimulatedPump } from './simulated-pump.ts'
import type { WireWatch } from './wire-watch.ts'

/** A pump of this process with all that the control port needs of it. */
export interface RunningPump {
  readonly runner: PumpRunner
  readonly pump: SimulatedPump
  readonly link: Link
  readonly watch: WireWatch
  readonly protocol: string
  /** Name of the story that is told now. */
  scenario: string
  readonly hasFirmware: boolean
  /** Why a fault of a program around the pumps cannot be done; null: it can. */
  readonly cannot: (fault: ProgramFault) => string | null
  readonly writeScenario: () => string
}

/** Told of everything that is done from outside. */
export type Doing = (pumpId: string, what: object) => void

export const controlledPump = (running: RunningPump, doing: Doing): ControlledPump => {
  const { runner, pump, link, watch, protocol, writeScenario } = running
  const report = () => {
    const { virtualMs, speed, paused } = runner.time
    const { activeAlarms, faults, ...rest } = runner.report()
    return {
      ...rest,
      activeAlarms: [...activeAlarms],
      faults: [...faults],
      protocol,
      scenario: running.scenario,
      virtualMs,
      speed,
      paused,
    }
  }
  const told = <T extends object>(what: T): T => {
    doing(runner.id, what)
    return what
  }
  return {
    report,
    detail: () => ({ ...report(), ...abilitiesOf(pump, link, running) }),
    act: (act) => runner.act(told(act)),
    fault: async (change) => {
      const why = isProgramFault(change.fault) ? running.cannot(change.fault) : null
      if (why === null) await runner.fault(told(change))
      return why
    },
    press: async (key) => {
      const acts = await runner.press(key)
      if (typeof acts !== 'string') told({ key })
      return acts
    },
    tell: async (scenario, seed) => {
      const around = (scenario.faults ?? []).flatMap(({ change: { fault } }) => (isProgramFault(fault) ? [fault] : []))
      for (const fault of around) {
        const why = running.cannot(fault)
        if (why !== null) return why
      }
      told({ scenario: scenario.name, seed })
      await runner.tell(scenario, seed)
      running.scenario = scenario.name
      return null
    },
    scenario: writeScenario,
    watch: (push) => watch.join(push),
    time: () => ({ speed: runner.time.speed, paused: runner.time.paused }),
    setSpeed: (speed) => runner.setSpeed(told({ speed }).speed),
    pause: () => {
      told({ paused: true })
      runner.pause()
    },
    goOn: () => {
      told({ paused: false })
      runner.goOn()
    },
    step: (ms) => runner.step(told({ ms }).ms),
  }
}

/** All of them. `speed`: what they begin with. */
export const controlledPumps = (
  pumps: readonly ControlledPump[],
  speed: number,
  library: Pick<Controlled, 'scenarios' | 'scenario'>,
): Controlled => {
  const time: { -readonly [K in keyof SimulatorClock]: SimulatorClock[K] } = { speed, paused: false }
  const all = (change: Partial<SimulatorClock>, each: (pump: ControlledPump) => void): void => {
    for (const pump of pumps) each(pump)
    Object.assign(time, change)
  }
  const byId = new Map(pumps.map((pump) => [pump.report().id, pump]))
  return {
    ...library,
    pumps: () => pumps,
    pump: (id) => byId.get(id) ?? null,
    time: () => ({ ...time }),
    setSpeed: (wanted) => all({ speed: wanted, paused: false }, (pump) => pump.setSpeed(wanted)),
    pause: () => all({ paused: true }, (pump) => pump.pause()),
    goOn: () => all({ paused: false }, (pump) => pump.goOn()),
    step: (ms) => all({ paused: true }, (pump) => pump.step(ms)),
  }
}
