import { actNames, describeAct } from './acts.ts'
import { describeFault, faultNames } from './faults/catalog.ts'
import { keysOf } from './keys.ts'
import { modelAlarms } from './pump-alarms.ts'
import type { Link } from './pump-report.ts'
import type { SimulatedPump } from './simulated-pump.ts'

/** What can be done to a pump on such a link. `hasFirmware`: its firmware has bugs that can be switched. */
export const abilitiesOf = ({ reading }: SimulatedPump, { kind }: Link, hasFirmware: boolean) => ({
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
    .map((fault) => ({ fault, ...describeFault(fault) }))
    .filter(({ at }) => (at === 'wire' || at === 'broker' ? at === kind : at !== 'pump' || hasFirmware))
    .map(({ fault, what, at, amount }) => ({
      fault,
      what,
      hasWay: at === 'wire',
      ...(amount === undefined ? {} : { amount }),
    })),
  alarmCodes: [...modelAlarms],
})
