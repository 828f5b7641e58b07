import { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { defaultTeam, TeamId, type Duty } from '#domain/on-call/duty.ts'
import type { OnCall } from '#server/core/on-call.ts'
import { beginsAt } from './virtual-time.ts'

const person = (name: string): Person => ({ userId: UserId.parse(`u-${name}`), name })

const nurses = ['osei', 'ito', 'roy', 'diaz'].map(person)
const lead = person('lind')
const demoNurses = ['novak', 'blum'].map(person)
const demoLead = person('demo-lead')

export const people: readonly Person[] = [...nurses, lead, ...demoNurses, demoLead]
export const demoTeam = TeamId.parse('demo')

const demoIds = new Set([...demoNurses, demoLead].map(({ userId }) => userId))
export const isDemoPerson = (userId: UserId): boolean => demoIds.has(userId)

/** The duty changes by the wall clock of the server, as rotas do. */
const shiftMs = 2 * 3_600_000

const inTurn = (list: readonly Person[], shift: number): Person => list[shift % list.length] ?? lead

export const dutyAt = (teamId: TeamId, wallAt: number): Duty => {
  const shift = Math.max(0, Math.floor((wallAt - beginsAt) / shiftMs))
  // A real nurse stands in the demonstration's rota, who must never hear of it.
  if (teamId === demoTeam)
    return { teamId, primary: inTurn(demoNurses, shift), backup: inTurn(nurses, shift), lead: demoLead }
  return { teamId, primary: inTurn(nurses, shift), backup: inTurn(nurses, shift + 1), lead }
}

export const onCall: OnCall = {
  duty: (teamId, at) => dutyAt(teamId, at),
  teams: () => [defaultTeam, demoTeam],
}
