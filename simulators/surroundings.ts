import { FaketimeClock } from './adapters/faketime-clock.ts'
import { ProgramProcesses } from './adapters/program-processes.ts'
import { systemClock, systemScheduler } from './adapters/system-time.ts'
import { SimulatorError } from './core/errors.ts'
import type { SimulatorConfig } from './config.ts'
import type { ClockFault, ProgramFault } from './core/faults/catalog.ts'
import type { Surroundings } from './core/ports.ts'

type Doing =
  | { readonly what: 'kill' | 'stop'; readonly program: 'hub' | 'server' | 'simulators' }
  | { readonly what: 'clock'; readonly fault: ClockFault }

const doings: Readonly<Record<ProgramFault, Doing>> = {
  'kill-hub': { what: 'kill', program: 'hub' },
  'kill-server': { what: 'kill', program: 'server' },
  'kill-simulators': { what: 'kill', program: 'simulators' },
  'stop-hub': { what: 'stop', program: 'hub' },
  'stop-server': { what: 'stop', program: 'server' },
  'hub-clock-1970': { what: 'clock', fault: 'clock-1970' },
  'hub-clock-step': { what: 'clock', fault: 'clock-step' },
  'hub-clock-drift': { what: 'clock', fault: 'clock-drift' },
}

const clockOf = (file: string): FaketimeClock => {
  try {
    return new FaketimeClock({ file, clock: systemClock, scheduler: systemScheduler })
  } catch (cause) {
    throw new SimulatorError('SIM_CONFIG_INVALID', `The hub's clock in ${file} cannot be set.`, { cause })
  }
}

/** The programs around the pumps that the configuration names. Throws `SIM_CONFIG_INVALID`. */
export const surroundingsOf = ({ processes, hubClock }: SimulatorConfig): Surroundings & Disposable => {
  using opened = new DisposableStack()
  const programs = opened.use(new ProgramProcesses(processes))
  const clock = hubClock === undefined ? null : opened.use(clockOf(hubClock))
  const all = opened.move()
  return {
    cannot: (fault) => {
      const doing = doings[fault]
      if (doing.what === 'clock')
        return clock === null ? `${fault}: no clock of the hub was given (--hub-clock FILE, hubClock)` : null
      if (doing.program === 'simulators' || programs.has(doing.program)) return null
      const { program } = doing
      return `${fault}: no process of the ${program} was given (--process ${program}=PID, processes.${program})`
    },
    change: (fault, on, amount) => {
      const doing = doings[fault]
      if (doing.what === 'clock') {
        clock?.set(doing.fault, on ? amount : null)
        return null
      }
      const { what, program } = doing
      if (what === 'kill' && !on) return null
      if (program === 'simulators' && !programs.has(program)) process.kill(process.pid, 'SIGKILL')
      if (what === 'kill') return programs.kill(program)
      return on ? programs.stop(program) : programs.goOn(program)
    },
    [Symbol.dispose]: () => all.dispose(),
  }
}
