import { profiles } from '#domain/pump-protocols/profiles.ts'
import { decodeCommand } from './commands/decode.ts'
import { doctorCommand } from './commands/doctor.ts'
import { enrolCommand } from './commands/enrol.ts'
import { mqttCommand } from './commands/mqtt.ts'
import { outboxCommand } from './commands/outbox.ts'
import { say, unfit, wrongUse } from './commands/program.ts'
import { rotateKeyCommand } from './commands/rotate-key.ts'
import { runCommand } from './commands/run.ts'
import { GatewayError, messageOf } from './core/errors.ts'
import type { Command } from './commands/program.ts'

const commands: ReadonlyMap<string, Command> = new Map([
  ['run', runCommand],
  ['enrol', enrolCommand],
  ['rotate-key', rotateKeyCommand],
  ['decode', decodeCommand],
  ['doctor', doctorCommand],
  ['mqtt', mqttCommand],
  ['outbox', outboxCommand],
])

const help = `Infusion Watch gateway: reads pumps, keeps what they say, brings it to the server. Never sends therapy commands.

${[...commands.values()].map(({ usage }) => usage).join('\n')}
  gateway --help                  this text; decode --help and outbox --help for their own

Environment: GATEWAY_CONFIG, GATEWAY_CLAIM=claimId:code (pairs at start), GATEWAY_DATA_DIR, GATEWAY_MQTT_PASSWORD, LOG_LEVEL.
Known protocols: ${[...profiles.keys()].join(', ')}.
`

const main = async ([word, ...rest]: readonly string[]): Promise<number> => {
  if (word === '--help' || word === '-h' || word === 'help') {
    process.stdout.write(help)
    return 0
  }
  if (word === undefined || word.startsWith('-')) return runCommand.run(word === undefined ? [] : [word, ...rest])
  const command = commands.get(word)
  if (command !== undefined) return command.run(rest)
  say(`Unknown command "${word}".\n\n${help}`)
  return wrongUse
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major !== 24 || minor < 21) {
  say(`The gateway runs on Node 24.21 or a later 24, this is ${process.version}. Start it with "npm run gateway".`)
  process.exitCode = unfit
} else {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    say(error instanceof GatewayError || error instanceof TypeError ? messageOf(error) : String(error))
    process.exitCode = error instanceof TypeError ? wrongUse : unfit
  }
}
