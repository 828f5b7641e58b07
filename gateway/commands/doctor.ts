import { parseArgs } from 'node:util'
import { gatewayErrorCode, messageOf } from '../core/errors.ts'
import { fail, lineOf, ok } from '../core/finding.ts'
import { readConfig, say, unfit, wrongUse } from './program.ts'
import type { Command } from './program.ts'
import type { Config } from '../config.ts'
import type { Finding } from '../core/finding.ts'

const help = `gateway doctor [--config FILE] [--json] [--only CHECK]… [--listen SECONDS]

Looks at everything the hub needs and says what to do: one line per check with ok, warn or fail. Works while the gateway runs and
when it does not. It opens no serial port, because opening moves the control lines, and writes to no pump.

  --config FILE      the hub's configuration, default $GATEWAY_CONFIG
  --json             one JSON line per check: check, level, text, next
  --only CHECK       lines of this check alone, e.g. outbox, server, "port bed-1"; may be repeated
  --listen SECONDS   open each port, read only, and say which protocol is heard; the gateway must not run

Exit codes: 0 nothing fails, 1 something fails, 2 wrong use.
`

const longestListenS = 600

const configuration = async (path: string | undefined): Promise<Config | readonly Finding[] | null> => {
  try {
    return await readConfig(path)
  } catch (error) {
    if (gatewayErrorCode(error) !== 'GW_CONFIG_INVALID') throw error
    const [first = '', ...problems] = messageOf(error).split('\n')
    const next = 'correct the file; docs/configuration.md has every setting'
    return (problems.length > 0 ? problems : [first]).map((problem) => fail('configuration', problem.trim(), next))
  }
}

const listened = async (config: Config, seconds: number, findings: readonly Finding[]): Promise<readonly Finding[]> => {
  if (findings.some(({ check, text }) => check === 'gateway' && text === 'runs'))
    return [
      fail('listen', 'the gateway runs and has the ports', 'stop it first: sudo systemctl stop infusion-watch-gateway'),
    ]
  const { listenOn } = await import('../compose/listen.ts')
  return Promise.all(config.ports.map((port) => listenOn(port, seconds)))
}

const diagnose = async (path: string | undefined, seconds: number | null): Promise<readonly Finding[] | null> => {
  const config = await configuration(path)
  if (config === null) return null
  // Only this command needs what it looks with.
  const { examine } = await import('../compose/doctor.ts')
  const { examineNode, examineUser } = await import('../adapters/doctor/machine.ts')
  if (!('ports' in config)) return [...config, examineNode(process.version), await examineUser(false)]
  const pumps = `${config.ports.length} ports${config.mqtt === undefined ? '' : ' and MQTT'}`
  const findings = [ok('configuration', `${config.name}, ${pumps}`), ...(await examine(config, process.version))]
  return seconds === null ? findings : [...findings, ...(await listened(config, seconds, findings))]
}

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', short: 'c' },
      json: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      listen: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const seconds = values.listen === undefined ? null : Number(values.listen)
  if (seconds !== null && !(seconds >= 1 && seconds <= longestListenS)) {
    say(`--listen takes seconds, 1 to ${longestListenS}`)
    return wrongUse
  }
  const all = await diagnose(values.config, seconds)
  if (all === null) {
    say('No configuration: give --config FILE or set GATEWAY_CONFIG. See gateway doctor --help.')
    return wrongUse
  }
  const findings = values.only.length === 0 ? all : all.filter(({ check }) => values.only.includes(check))
  if (findings.length === 0) {
    say(`no check is called ${values.only.join(' or ')}`)
    return wrongUse
  }
  for (const finding of findings) process.stdout.write(`${values.json ? JSON.stringify(finding) : lineOf(finding)}\n`)
  const failed = findings.filter(({ level }) => level === 'fail').length
  if (!values.json) process.stdout.write(failed === 0 ? 'Nothing fails.\n' : `${failed} fail(s).\n`)
  return failed === 0 ? 0 : unfit
}

export const doctorCommand: Command = {
  usage: `  gateway doctor [--config FILE]  looks at ports, rights, clock, disk and server and says what to do; --help has more`,
  run,
}
