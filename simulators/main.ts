import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { startSimulators } from './compose.ts'
import { readConfig } from './config.ts'
import { actNames, describeAct } from './core/acts.ts'
import { runConsole } from './console.ts'
import { SimulatorError } from './core/errors.ts'
import { describeFault, faultNames } from './core/faults/catalog.ts'
import { fleet } from './fleet.ts'
import { load } from './load.ts'
import { scenarioNamed, scenarioNames } from './scenario-library.ts'
import { replay } from './replay.ts'
import { runProxy } from './proxy.ts'
import { verify } from './verify.ts'

const help = `Infusion Watch simulators: pumps that speak real protocols over real ports. All their data carry the demo mark.

  simulators run [--config FILE] [--pump SPEC]... [--truth FILE] [--control PORT] [--speed N]
                 [--process NAME=PID]... [--hub-clock FILE]
      --config   YAML or JSON: pumps, speed, truth, control, processes, hubClock
      --pump     id=P-0001,protocol=ip1,serial=/tmp/pump-1,scenario=normal,seed=1
                 protocol: ip1, alaris-acp, neurowave-ap4000, zyno-miva or new-era-ne1000 with serial=/link/to/make
                 or tcp=127.0.0.1:5001; terumo-xml-tcp with tcp;
                 mqtt-json with mqtt=mqtt://127.0.0.1:1883, or mqtt=mqtts://hub:8883,ca=ca.pem,password=secret.
                 Settings beside them: rateMlPerHour=125, vtbiMl=500, ...
      --truth    appends what every pump said and went through, JSON lines
      --control  HTTP on 127.0.0.1: GET /pumps, POST /pumps/{id}/act {"act":"occlude"},
                 POST /pumps/{id}/fault {"fault":"flip"}, POST /speed {"speed":60}, /pause, /step {"ms":50},
                 and more: docs/simulators.md
      --speed    virtual seconds per second, 0.1 to 1000
      --process  hub=4711 or server=/run/server.pid: what the faults kill-… and stop-… may touch; nothing else is
      --hub-clock  file named by FAKETIME_TIMESTAMP_FILE in the hub's environment: what hub-clock-… sets
      SIMULATOR_MQTT_PASSWORD in the environment is the password of MQTT pumps that have none.
      Prints one JSON line when all ports are open; ends on SIGTERM or SIGINT.
  simulators console --control 127.0.0.1:9090
      A view of running pumps in this terminal, with keys to drive them; console --help tells more.
  simulators verify --truth FILE --server URL --user NAME
      Holds what a server stored and alarmed against the truth; verify --help tells more.
  simulators fleet --pumps 200 --summary
      Thousands of pumps in one process, on their own or at a server; fleet --help tells more.
  simulators proxy --to HOST:PORT [--listen PORT] [--seed N] [--fault SPEC]...
      A bad network between a hub and its server; proxy --help tells more.
  simulators replay SCENARIO --protocol ip1 --seed 7
      Tells one pump a story without any port and prints checksums of all it said; replay --help tells more.
  simulators load --server URL --claims FILE --rate 500
      Drives a server at a wanted rate and measures it; load --help tells more.
  simulators check FILE... reads scenario files and says what is wrong with them
  simulators scenarios     names and descriptions
  simulators acts          what can be done to a pump
  simulators faults        what can go wrong on its line and inside it
  simulators --help
`

const say = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

const places = { wire: 'Serial, TCP: ', broker: 'MQTT: ', link: '', firmware: '', pump: '', program: '' } as const

const list = (entries: readonly (readonly [string, string])[]): void => {
  const width = Math.max(...entries.map(([name]) => name.length))
  for (const [name, what] of entries) say(`${name.padEnd(width)}  ${what}`)
}

/** Reads scenarios of the library or of files; one that cannot be used is named with every problem. */
const check = (names: readonly string[]): number => {
  if (names.length === 0) {
    process.stderr.write('Needed: the path of a scenario file, or a name of the library.\n')
    return 2
  }
  for (const name of names) {
    const spec = scenarioNamed(name)
    if (spec === null) throw new SimulatorError('SIM_CONFIG_INVALID', `There is no scenario ${name}.`)
    const { timeline, reactions, faults, expect, lastsMs } = spec
    say(
      `${spec.name}: ${lastsMs / 1000} s, ${timeline.length} entries in its timeline, ${reactions.length} reactions, ` +
        `${faults.length} faults, ${expect.length} expectations`,
    )
  }
  return 0
}

const stopped = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    // A terminal and npm may both pass a signal on: the first one counts.
    process.on('SIGTERM', resolve)
    process.on('SIGINT', resolve)
  })

const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string', short: 'c' },
      pump: { type: 'string', multiple: true, default: [] },
      truth: { type: 'string' },
      control: { type: 'string' },
      speed: { type: 'string' },
      process: { type: 'string', multiple: true, default: [] },
      'hub-clock': { type: 'string' },
    },
  })
  const { config: path } = values
  const file =
    path === undefined
      ? null
      : await readFile(path, 'utf8').catch((cause: unknown) => {
          throw new SimulatorError('SIM_CONFIG_INVALID', `Cannot read ${path}.`, { cause })
        })
  const config = readConfig({
    file,
    pumps: values.pump,
    truth: values.truth ?? null,
    control: values.control ?? null,
    speed: values.speed ?? null,
    processes: values.process,
    hubClock: values['hub-clock'] ?? null,
    mqttPassword: process.env['SIMULATOR_MQTT_PASSWORD'] ?? null,
  })
  const log = pino({ name: 'simulators', level: process.env['LOG_LEVEL'] ?? 'info' }, pino.destination(2))
  const end = stopped()
  const simulators = await startSimulators(config, log)
  const pumps = simulators.pumps().map(({ id, protocol, scenario, address }) => ({ id, protocol, scenario, address }))
  say(JSON.stringify({ ready: true, control: simulators.controlUrl, pumps }))
  log.info({ pumps: pumps.length, control: simulators.controlUrl }, 'pumps are running')
  const signal = await end
  await simulators[Symbol.asyncDispose]()
  log.info({ signal }, 'all cables are out')
  return 0
}

const command = async ([name, ...rest]: readonly string[]): Promise<number> => {
  switch (name) {
    case 'run':
      return run(rest)
    case 'console':
      return runConsole(rest)
    case 'proxy':
      return runProxy(rest, stopped)
    case 'verify':
      return verify(rest)
    case 'fleet':
      return fleet(rest)
    case 'replay':
      return replay(rest)
    case 'load':
      return load(rest)
    case 'check':
      return check(rest)
    case 'scenarios':
      list(scenarioNames().map((scenario) => [scenario, scenarioNamed(scenario)?.what ?? '']))
      return 0
    case 'acts':
      list(
        actNames.map((act) => {
          const { what, amount, code } = describeAct(act)
          if (code === true) return [act, `${what} Takes an alarm code.`]
          return [act, amount === undefined ? what : `${what} Amount in ${amount.unit}, usually ${amount.usual}.`]
        }),
      )
      return 0
    case 'faults':
      list(
        faultNames.map((fault) => {
          const { what, at, amount } = describeFault(fault)
          return [
            fault,
            `${places[at]}${what}${amount === undefined ? '' : ` Usually ${amount.usual} ${amount.unit}.`}`,
          ]
        }),
      )
      return 0
    case undefined:
    case '--help':
    case '-h':
      process.stdout.write(help)
      return name === undefined ? 2 : 0
    default:
      process.stderr.write(`Unknown command "${name}".\n\n${help}`)
      return 2
  }
}

// Whoever read our output may leave before us.
process.stdout.on('error', () => {})

try {
  process.exitCode = await command(process.argv.slice(2))
} catch (error) {
  const wrongUse = error instanceof TypeError && 'code' in error
  if (!(error instanceof SimulatorError) && !wrongUse) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = wrongUse ? 2 : 1
}
