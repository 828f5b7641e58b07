import { rotaOfFile } from '#domain/on-call/rota-file.ts'
import { readRotaFile } from '../adapters/rota-yaml.ts'
import { openOffice } from '../compose/office.ts'
import { lookAheadMs } from '../core/on-call-book.ts'
import { commandLine } from './assignments.ts'
import { complain, operandAndOptionsOf, say } from './program.ts'
import type { Command } from './program.ts'

export const rotaImportCommand: Command = {
  words: 'rota import',
  usage: `  rota import FILE                       a team's week and its exceptions, from YAML or JSON; says where nobody is on call`,
  async run(config, args) {
    const { operand } = operandAndOptionsOf(args)
    if (operand === null) return complain('rota import needs a file')
    const file = await readRotaFile(operand)
    await using office = await openOffice(config)
    const team = office.onCall.team(file.team)
    if (team === null) return complain(`There is no team "${file.team}". Make it with: server team add ${file.team}`)
    const read = rotaOfFile(file, (name) => office.onCall.byName(name))
    if (!read.ok) return complain(read.problems.join('\n'))
    if (!(await office.onCall.setRota(commandLine, file.team, team.rota?.version ?? 0, read.rota)))
      return complain('Somebody changed this rota in this moment. Try again.')
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: file.timeZone,
      dateStyle: 'medium',
      timeStyle: 'short',
    })
    const gaps = office.onCall.gapsAhead(file.team, lookAheadMs)
    say(`The rota of ${file.team} holds from now on.`)
    if (gaps.length === 0) say('Somebody is primary at every moment of the next 8 days.')
    for (const { from, to } of gaps) say(`NOBODY is primary from ${format.format(from)} to ${format.format(to)}`)
    return 0
  },
}
