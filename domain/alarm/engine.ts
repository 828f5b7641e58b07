import type { AlarmCommand } from './commands.ts'
import type { Decision } from './decision.ts'
import type { AlarmEvent } from './events.ts'
import type { AlarmPolicy } from './policy.ts'
import type { AlarmState } from './state.ts'

/** Pure: commands in, events out, time inside the command, policy as data. `evolve` alone moves the state. */
export interface AlarmEngine {
  readonly initial: AlarmState
  decide(state: AlarmState, command: AlarmCommand, policy: AlarmPolicy): Decision
  evolve(state: AlarmState, event: AlarmEvent): AlarmState
}
