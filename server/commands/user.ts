import { z } from 'zod'
import { Role } from '#domain/live/views.ts'
import { openOffice } from '../compose/office.ts'
import { commandLine } from './assignments.ts'
import { complain, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

export const userAddCommand: Command = {
  words: 'user add',
  usage: `  user add --name NAME --role ROLE       make an account; prints its password once
                                         roles: ${Role.options.join(', ')}`,
  async run(config, args) {
    const { name, role } = optionsOf(args, 'name', 'role')
    const wanted = z.object({ name: z.string().trim().min(1).max(64), role: Role }).safeParse({ name, role })
    if (!wanted.success)
      return complain(wanted.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
    await using office = await openOffice(config)
    const added = await office.users.add(commandLine, wanted.data.name, wanted.data.role)
    if (added === null) return complain(`There is a user named ${wanted.data.name} already.`)
    say(
      `Name:     ${wanted.data.name}\nRole:     ${wanted.data.role}\nPassword: ${added.password}\nIt is not shown again.`,
    )
    return 0
  },
}
