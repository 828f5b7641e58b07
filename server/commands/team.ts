import { TeamId } from '#domain/on-call/duty.ts'
import { TeamName } from '#domain/on-call/team.ts'
import { openOffice } from '../compose/office.ts'
import { commandLine } from './assignments.ts'
import { complain, operandAndOptionsOf, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

const noSuchTeam = (team: string): string => `There is no team "${team}". See: server team list`

export const teamAddCommand: Command = {
  words: 'team add',
  usage: '  team add ID --name "North"             make a team, or give it another name',
  async run(config, args) {
    const { operand, name } = operandAndOptionsOf(args, 'name')
    const teamId = TeamId.safeParse(operand)
    const teamName = TeamName.safeParse(name ?? operand)
    if (!teamId.success) return complain(`team add needs an id: ${teamId.error.issues[0]?.message ?? ''}`)
    if (!teamName.success) return complain('--name: 1 to 64 characters')
    await using office = await openOffice(config)
    await office.onCall.addTeam(commandLine, teamId.data, teamName.data)
    say(`Team ${teamId.data} (${teamName.data}). Fill it with: server team members ${teamId.data} --users a,b`)
    return 0
  },
}

export const teamMembersCommand: Command = {
  words: 'team members',
  usage: '  team members ID --users a,b            who belongs to a team, all at once; nurses and leads',
  async run(config, args) {
    const { operand, users } = operandAndOptionsOf(args, 'users')
    const teamId = TeamId.safeParse(operand)
    if (!teamId.success || users === undefined) return complain('team members needs a team and --users a,b')
    await using office = await openOffice(config)
    if (office.onCall.team(teamId.data) === null) return complain(noSuchTeam(teamId.data))
    const names = users.split(',').map((name) => name.trim())
    const found = names.map((name) => office.onCall.byName(name))
    const unknown = names.filter((_, place) => found[place] === null)
    if (unknown.length > 0) return complain(`Nobody of these can be on call: ${unknown.join(', ')}`)
    await office.onCall.setMembers(
      commandLine,
      teamId.data,
      found.filter((userId) => userId !== null),
    )
    say(`Team ${teamId.data}: ${names.join(', ')}`)
    return 0
  },
}

export const teamListCommand: Command = {
  words: 'team list',
  usage: '  team list                              teams, their people and who is on call now',
  async run(config, args) {
    optionsOf(args)
    await using office = await openOffice(config)
    for (const teamId of office.onCall.teams()) {
      const team = office.onCall.team(teamId)
      if (team === null) continue
      const { primary, backup, lead } = office.onCall.duty(teamId, office.now())
      const people = office.onCall.membersOf(teamId).map(({ name }) => name)
      say(`${teamId} (${team.name}): ${people.join(', ') || 'nobody'}`)
      if (team.rota === null) say('  no rota: nobody is paged. Give it one with: server rota import FILE')
      else
        say(
          `  on call now: primary ${primary?.name ?? 'NOBODY'}, backup ${backup?.name ?? 'nobody'}, lead ${lead?.name ?? 'nobody'}`,
        )
    }
    return 0
  },
}
