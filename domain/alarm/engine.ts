import { closingEvents } from './closing.ts'
import type { AlarmCommand, PersonCommand, SystemCommand } from './commands.ts'
import { conditionEvents } from './condition-diff.ts'
import { decideAct } from './decide-act.ts'
import { decideTriage } from './decide-triage.ts'
import type { Decision } from './decision.ts'
import type { AlarmEvent } from './events.ts'
import { evolve } from './evolve.ts'
import { ownerEvents } from './owner-gone.ts'
import type { AlarmPolicy } from './policy.ts'
import { tickEvents } from './passing-time.ts'
import { foldingEvents } from './report-folding.ts'
import { reportEvents } from './take-report.ts'
import { initialAlarmState, type AlarmState } from './state.ts'

/** Pure: commands in, events out, time inside the command, policy as data. `evolve` alone moves the state. */
export interface AlarmEngine {
  readonly initial: AlarmState
  readonly decide: (state: AlarmState, command: AlarmCommand, policy: AlarmPolicy) => Decision
  readonly evolve: (state: AlarmState, event: AlarmEvent) => AlarmState
}

/** What the command itself says happened, before its consequences. */
const firstEvents = (state: AlarmState, command: SystemCommand, policy: AlarmPolicy): readonly AlarmEvent[] => {
  switch (command.type) {
    case 'report-condition':
    case 'report-snapshot':
    case 'raise-derived':
    case 'end-derived':
      return reportEvents(state, command)
    case 'lose-link':
      return state.link[command.root] === null ? [{ type: 'link-lost', at: command.at, root: command.root }] : []
    case 'regain-link':
      return state.link[command.root] === null ? [] : [{ type: 'link-regained', at: command.at, root: command.root }]
    case 'owner-gone':
    case 'owner-back':
      return ownerEvents(state, command)
    case 'set-criticality':
      return state.criticality === command.criticality
        ? []
        : [{ type: 'criticality-set', at: command.at, criticality: command.criticality }]
    case 'tick':
      return tickEvents(state, command.at, policy)
  }
}

const timeOf = (command: AlarmCommand): number =>
  command.type === 'report-condition' || command.type === 'report-snapshot' ? command.receivedAt : command.at

const decide: AlarmEngine['decide'] = (state, command, policy) => {
  const at = timeOf(command)
  if (command.type === 'record-triage') return decideTriage(state, command)
  const first = isAct(command)
    ? decideAct(state, command, policy)
    : { outcome: 'ok' as const, events: firstEvents(state, command, policy) }
  if (first.outcome !== 'ok' || first.events.length === 0) return first
  const events = [...first.events]
  let next = events.reduce(evolve, state)
  for (const consequences of [conditionEvents, closingEvents, foldingEvents]) {
    const more = consequences(next, at, policy)
    next = more.reduce(evolve, next)
    events.push(...more)
  }
  return { outcome: 'ok', events }
}

const isAct = (command: SystemCommand | PersonCommand): command is PersonCommand => 'requestId' in command

export const alarmEngine: AlarmEngine = { initial: initialAlarmState, decide, evolve }
