import type { Person } from '#domain/live/views.ts'
import { channelFaults, type ChannelFault } from './channels.ts'
import type { Fault, FaultKind, OraclePlan } from './fault-plan.ts'
import type { DriverLog } from './log.ts'
import { people } from './people.ts'
import type { VirtualTime } from './virtual-time.ts'

const onPumps: ReadonlySet<FaultKind> = new Set(['pump-line'])
const onPeople: ReadonlySet<FaultKind> = new Set([...channelFaults, 'nurses-away'])
const onServer: ReadonlySet<FaultKind> = new Set([
  'kill-server',
  'kill-server-before-commit',
  'kill-server-after-commit',
  'server-clock',
])

/** Whom a fault strikes, from 0; people: one more than there are stands for everybody. */
export const strikes = ({ kind, target }: Fault, { pumps, hubs }: OraclePlan): number => {
  if (onServer.has(kind)) return 0
  if (onPumps.has(kind)) return target % pumps
  return onPeople.has(kind) ? target % (people.length + 1) : target % hubs
}

/** Which faults of a plan are on at this moment. */
export class FaultsNow {
  readonly #plan: OraclePlan
  readonly #on = new Set<Fault>()

  constructor(plan: OraclePlan) {
    this.#plan = plan
  }

  /** `begin` and `end` are told after the set has changed. */
  follow(time: VirtualTime, driver: DriverLog, begin: (fault: Fault) => void, end: (fault: Fault) => void): void {
    const lastMs = this.#plan.minutes * 60_000
    for (const fault of this.#plan.faults) {
      const fromMs = Math.min(fault.at * 1000, lastMs)
      const toMs = Math.min((fault.at + fault.lasts) * 1000, lastMs)
      time.at(fromMs, () => {
        this.#on.add(fault)
        if (!fault.kind.endsWith('-commit')) driver.windows.push({ fault, fromMs, toMs })
        begin(fault)
      })
      time.at(toMs, () => {
        this.#on.delete(fault)
        end(fault)
      })
    }
  }

  /** s; the worst of several; null: it is not on. */
  of(target: number, kind: FaultKind): number | null {
    const those = [...this.#on].filter((fault) => fault.kind === kind && strikes(fault, this.#plan) === target)
    return those.length === 0 ? null : Math.max(...those.map(({ by }) => by))
  }

  aheadMs(target: number, kind: 'hub-clock' | 'server-clock'): number {
    return [...this.#on]
      .filter((fault) => fault.kind === kind && strikes(fault, this.#plan) === target)
      .reduce((sum, { by }) => sum + 1000 * by, 0)
  }

  channelOf(person: Person): ChannelFault | null {
    return channelFaults.find((kind) => this.#ofPerson(person, kind)) ?? null
  }

  isAway(person: Person): boolean {
    return this.#ofPerson(person, 'nurses-away')
  }

  #ofPerson(person: Person, kind: FaultKind): boolean {
    return this.of(people.indexOf(person), kind) !== null || this.of(people.length, kind) !== null
  }
}
