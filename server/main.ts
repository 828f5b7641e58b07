import { assignmentsExportCommand, assignmentsImportCommand } from './commands/assignments.ts'
import { auditExportCommand, auditKeyCommand, auditVerifyCommand } from './commands/audit.ts'
import { exportCommand } from './commands/export.ts'
import { backupCommand } from './commands/backup.ts'
import { claimCreateCommand } from './commands/claim.ts'
import { hubListCommand, hubRevokeCommand } from './commands/hub.ts'
import { pageTestCommand } from './commands/page.ts'
import {
  patientsEraseCommand,
  patientsExportCommand,
  patientsListCommand,
  patientsRotateKeyCommand,
} from './commands/patients.ts'
import { complain, say } from './commands/program.ts'
import { restoreCommand } from './commands/restore.ts'
import { rotaImportCommand } from './commands/rota.ts'
import { runCommand } from './commands/run.ts'
import { teamAddCommand, teamListCommand, teamMembersCommand } from './commands/team.ts'
import {
  userAddCommand,
  userDisableCommand,
  userEnableCommand,
  userInviteCommand,
  userResetFactorsCommand,
  userRoleCommand,
} from './commands/user.ts'
import { loadConfig } from './config.ts'
import { isServerError } from './core/errors.ts'
import type { Command } from './commands/program.ts'

/** In the order of `--help`. */
const commands: readonly Command[] = [
  runCommand,
  userAddCommand,
  userInviteCommand,
  userRoleCommand,
  userDisableCommand,
  userEnableCommand,
  userResetFactorsCommand,
  claimCreateCommand,
  hubListCommand,
  hubRevokeCommand,
  pageTestCommand,
  assignmentsImportCommand,
  assignmentsExportCommand,
  teamAddCommand,
  teamMembersCommand,
  teamListCommand,
  rotaImportCommand,
  auditVerifyCommand,
  auditExportCommand,
  auditKeyCommand,
  patientsListCommand,
  patientsExportCommand,
  patientsEraseCommand,
  patientsRotateKeyCommand,
  exportCommand,
  backupCommand,
  restoreCommand,
]

const usage = `Usage: server [command]

${commands.map((command) => command.usage).join('\n')}
  --help                                 this text

Settings come from the environment: docs/configuration.md.
`

const startsWith = (args: readonly string[], words: readonly string[]): boolean =>
  words.every((word, place) => args[place] === word)

const main = async (args: readonly string[]): Promise<number> => {
  if (args.includes('--help') || args.includes('-h')) {
    say(usage)
    return 0
  }
  const loaded = loadConfig(process.env)
  if (!loaded.ok) return complain(`The settings cannot be used:\n  ${loaded.problems.join('\n  ')}`)
  const line = args.length === 0 ? [runCommand.words] : args
  const command = commands.find(({ words }) => startsWith(line, words.split(' ')))
  return command === undefined
    ? complain(`There is no command "${line.join(' ')}".\n\n${usage}`)
    : command.run(loaded.config, line.slice(command.words.split(' ').length))
}

// Databases and secrets are for this account alone.
process.umask(0o077)

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const unknownOption = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (unknownOption) process.exitCode = complain(`${error.message}\n\n${usage}`)
  else if (isServerError(error)) process.exitCode = complain(error.message)
  else throw error
}
