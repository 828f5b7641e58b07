import { UserId } from '#domain/ids.ts'
import type { Person } from '#domain/live/views.ts'
import { readAssignments, writtenAssignments } from '../adapters/assignments-file.ts'
import { openOffice } from '../compose/office.ts'
import { complain, operandAndOptionsOf, optionsOf, say } from './program.ts'
import type { Command } from './program.ts'

/** Whoever has the data folder. */
export const commandLine: Person = { userId: UserId.parse('command-line'), name: 'command line' }

export const assignmentsImportCommand: Command = {
  words: 'assignments import',
  usage: `  assignments import FILE                what pumps are used for, from YAML or JSON; a running server follows within
                                         5 seconds; pumps and fields the file leaves out stay as they are`,
  async run(config, args) {
    const { operand } = operandAndOptionsOf(args)
    if (operand === null) return complain('assignments import needs a file')
    const list = await readAssignments(operand, 'the file')
    await using office = await openOffice(config)
    const changed = await office.assignments.import(commandLine, list, { spare: false })
    say(`${list.size} pumps read, ${changed.length} changed${changed.length === 0 ? '' : `: ${changed.join(', ')}`}`)
    return 0
  },
}

export const assignmentsExportCommand: Command = {
  words: 'assignments export',
  usage: '  assignments export                     the same as a file, on standard output: it holds telephone numbers',
  async run(config, args) {
    optionsOf(args)
    await using office = await openOffice(config)
    const act = { actor: commandLine.userId, action: 'assignments.export', object: 'list:assignments' } as const
    await office.journal.audit.note([{ ...act, at: office.now() }])
    say(writtenAssignments(office.assignments).trimEnd())
    return 0
  },
}
