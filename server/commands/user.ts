import { z } from 'zod'
import { Role } from '#domain/live/views.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { openOffice } from '../compose/office.ts'
import { commandLine } from './assignments.ts'
import { complain, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

export const userAddCommand: Command = {
  words: 'user add',
  usage: `  user add --name NAME --role ROLE       make an account; prints its password once
                                         roles: ${Role.options.join(', ')}
                                         --team TEAM: of a kiosk, the team whose wall it is`,
  async run(config, args) {
    const { name, role, team } = optionsOf(args, 'name', 'role', 'team')
    const wanted = z.object({ name: z.string().trim().min(1).max(64), role: Role }).safeParse({ name, role })
    if (!wanted.success)
      return complain(wanted.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
    if ((team !== undefined) !== (wanted.data.role === 'kiosk'))
      return complain('A kiosk needs --team, the team whose wall it is; people join teams with: server team members')
    await using office = await openOffice(config)
    const wardOf = TeamId.safeParse(team).data
    if (team !== undefined && (wardOf === undefined || office.onCall.team(wardOf) === null))
      return complain(`There is no team "${team}". See: server team list`)
    const added = await office.users.add(commandLine, wanted.data.name, wanted.data.role, wardOf)
    if (added === null) return complain(`There is a user named ${wanted.data.name} already.`)
    say(
      `Name:     ${wanted.data.name}\nRole:     ${wanted.data.role}\nPassword: ${added.password}\nIt is not shown again.`,
    )
    return 0
  },
}

const noSuchUser = (name: string): string => `There is nobody named ${name}.`

export const userRoleCommand: Command = {
  words: 'user role',
  usage: '  user role --name NAME --role ROLE      another role, on open pages within 5 s; a kiosk stays one',
  async run(config, args) {
    const { name = '', role } = optionsOf(args, 'name', 'role')
    const wanted = Role.exclude(['kiosk']).safeParse(role)
    if (!wanted.success) return complain(`--role: ${wanted.error.issues[0]?.message ?? ''}`)
    await using office = await openOffice(config)
    if (!(await office.users.setRole(commandLine, name, wanted.data)))
      return complain(`${noSuchUser(name)} Or it is a kiosk.`)
    say(`${name} is ${wanted.data} from now on.`)
    return 0
  },
}

const disabling = (disabled: boolean): Command => ({
  words: disabled ? 'user disable' : 'user enable',
  usage: disabled
    ? '  user disable --name NAME               ends all sessions, and open pages within 5 s'
    : '  user enable --name NAME                lets somebody in again who was disabled',
  async run(config, args) {
    const { name = '' } = optionsOf(args, 'name')
    await using office = await openOffice(config)
    if (!(await office.users.setDisabled(commandLine, name, disabled))) return complain(noSuchUser(name))
    say(disabled ? `${name} is signed out everywhere and cannot sign in.` : `${name} can sign in again.`)
    return 0
  },
})

export const userDisableCommand: Command = disabling(true)
export const userEnableCommand: Command = disabling(false)
