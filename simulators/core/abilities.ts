import { actNames, describeAct } from './acts.ts'
import { describeFault, faultNames, isProgramFault, type ProgramFault } from './faults/catalog.ts'
import { keysOf } from './keys.ts'
import { modelAlarms } from './pump-alarms.ts'
import type { Link } from './pump-report.ts'
import type { SimulatedPump } from './simulated-pump.ts'

interface Reach {
  /** Its firmware has bugs that can be switched. */
  readonly hasFirmware: boolean
  /** Why a fault of a program around the pumps cannot be done; null: it can. */
  readonly cannot: (fault: ProgramFault) => string | null
}

/** What can be done to a pump on such a link. */
export const abilitiesOf = ({ reading }: SimulatedPump, { kind }: Link, { hasFirmware, cannot }: Reach) => ({
  keys: keysOf(reading.state, reading.settings).map(({ key, what, does }) => ({
    key,
    what,
    does: does.map(({ act, code }) => (code === undefined ? act : `${act} ${code}`)),
  })),
  acts: actNames.map((act) => {
    const { what, amount, code } = describeAct(act)
    return {
      act,
      what,
      ...(amount === undefined ? {} : { amount }),
      ...(code === undefined ? {} : { takesCode: code }),
    }
  }),
  possibleFaults: faultNames
    .filter((fault) => !isProgramFault(fault) || cannot(fault) === null)
    .map((fault) => ({ fault, ...describeFault(fault) }))
    .filter(({ at }) => (at === 'wire' || at === 'broker' ? at === kind : at !== 'firmware' || hasFirmware))
    .map(({ fault, what, at, amount }) => ({
      fault,
      what,
      hasWay: at === 'wire',
      ...(amount === undefined ? {} : { amount }),
    })),
  alarmCodes: [...modelAlarms],
})
