import { z } from 'zod'
import { PersonName, PersonRole, ResetReason } from '#domain/people/people-api.ts'
import { Role } from '#domain/live/views.ts'
import { TeamId } from '#domain/on-call/duty.ts'
import { openOffice } from '../compose/office.ts'
import type { AccountChange } from '../core/user-administration.ts'
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

const whyNot = (name: string, change: Exclude<AccountChange, 'done'>): string => {
  switch (change) {
    case 'nobody':
      return `There is nobody named ${name}.`
    case 'kiosk':
      return `${name} is a kiosk and stays one.`
    case 'last-admin':
      return `${name} is the last administrator who can sign in. Make another one first: server user add --role admin`
  }
}

export const userInviteCommand: Command = {
  words: 'user invite',
  usage: `  user invite --name NAME [--role ROLE]  a one-time link, good for 48 h, by which NAME chooses a password; with --role
                                         a new account, else another link for one that is there`,
  async run(config, args) {
    const { name = '', role } = optionsOf(args, 'name', 'role')
    const wanted = z.object({ name: PersonName, role: PersonRole.optional() }).safeParse({ name, role })
    if (!wanted.success)
      return complain(wanted.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
    await using office = await openOffice(config)
    const person = wanted.data
    if (person.role !== undefined) {
      const added = await office.people.add(commandLine, { name: person.name, role: person.role, teamIds: [] })
      if (added === 'name-taken') return complain(`There is a user named ${person.name} already: leave --role out.`)
    }
    const { people } = await office.people.list()
    const found = people.find((one) => one.name.toLowerCase() === person.name.toLowerCase())
    if (found === undefined) return complain(`There is nobody named ${person.name}: with --role the account is made.`)
    const invited = await office.people.invite(commandLine, found.userId)
    if (typeof invited === 'string') return complain(whyNot(person.name, 'kiosk'))
    const origin = config.publicOrigins?.[0] ?? `http://localhost:${config.port}`
    say(`${origin}/#/invited/${invited.token}\nGood for 48 hours, once. It is not shown again.`)
    return 0
  },
}

export const userRoleCommand: Command = {
  words: 'user role',
  usage: '  user role --name NAME --role ROLE      another role, on open pages within 5 s; a kiosk stays one',
  async run(config, args) {
    const { name = '', role } = optionsOf(args, 'name', 'role')
    const wanted = Role.exclude(['kiosk']).safeParse(role)
    if (!wanted.success) return complain(`--role: ${wanted.error.issues[0]?.message ?? ''}`)
    await using office = await openOffice(config)
    const change = await office.users.setRole(commandLine, name, wanted.data)
    if (change !== 'done') return complain(whyNot(name, change))
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
    const change = await office.users.setDisabled(commandLine, name, disabled)
    if (change !== 'done') return complain(whyNot(name, change))
    say(disabled ? `${name} is signed out everywhere and cannot sign in.` : `${name} can sign in again.`)
    return 0
  },
})

export const userDisableCommand: Command = disabling(true)
export const userEnableCommand: Command = disabling(false)

export const userResetFactorsCommand: Command = {
  words: 'user reset-factors',
  usage: `  user reset-factors --name NAME         who lost app, passkeys and codes sets up new ones at her next sign-in; her
                                         sessions end. --reason TEXT is kept with it`,
  async run(config, args) {
    const { name = '', reason: typed } = optionsOf(args, 'name', 'reason')
    const reason = ResetReason.safeParse(typed ?? 'by a command on the server’s machine')
    if (!reason.success) return complain(`--reason: ${reason.error.issues[0]?.message ?? ''}`)
    await using office = await openOffice(config)
    const change = await office.users.resetFactors(commandLine, name, reason.data)
    if (change !== 'done') return complain(whyNot(name, change))
    say(`${name} is signed out everywhere, and sets up a second factor after the password.`)
    return 0
  },
}
