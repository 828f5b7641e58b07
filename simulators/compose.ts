import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { CaptureReader } from '#domain/pump-protocols/profile.ts'
import { findProfile } from '#domain/pump-protocols/profiles.ts'
import type { SimulatedPumpReport } from '#domain/simulators/control.ts'
import { pumpControl } from './core/control.ts'
import { fleetControl } from './core/fleet-control.ts'
import { controlledPump, controlledPumps, type RunningPump } from './core/controlled-pumps.ts'
import { Deeds } from './core/deeds.ts'
import { WireWatch } from './core/wire-watch.ts'
import { isProgramFault, type FaultSwitch, type ProgramFault } from './core/faults/catalog.ts'
import type { TruthLog, Wire } from './core/ports.ts'
import type { ProtocolTwin } from './core/protocol-twin.ts'
import type { Link } from './core/pump-report.ts'
import { PumpRunner } from './core/pump-runner.ts'
import { SimulatedPump } from './core/simulated-pump.ts'
import { SimulatorError } from './core/errors.ts'
import { ControlServer } from './adapters/control-server.ts'
import { MqttPublisher } from './adapters/mqtt-client.ts'
import { PtyPort } from './adapters/pty.ts'
import { systemClock, systemScheduler } from './adapters/system-time.ts'
import { TcpPort } from './adapters/tcp-port.ts'
import { TruthFile } from './adapters/truth-log.ts'
import { scenarioNamed, scenarioNames, storyNamed } from './scenario-library.ts'
import { DrivenFleet } from './driven-fleet.ts'
import { surroundingsOf } from './surroundings.ts'
import { writeScenario } from './scenario-export.ts'
import { mqttTwinOf, portOf, seedOf, wireTwins } from './twins.ts'
import { profileOf, settingsOf, type PumpConfig, type SimulatorConfig } from './config.ts'

export interface Simulators extends AsyncDisposable {
  readonly pumps: () => readonly SimulatedPumpReport[]
  /** null: no control port was asked for. */
  readonly controlUrl: string | null
}

const openWire = async ({ id, serial, tcp }: PumpConfig): Promise<Wire> => {
  if (serial !== undefined) return PtyPort.open(serial)
  if (tcp !== undefined) return TcpPort.open(tcp.host, tcp.port)
  throw new SimulatorError('SIM_CONFIG_INVALID', `${id} has neither serial nor tcp.`)
}

const readCa = async (path: string): Promise<string> =>
  await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new SimulatorError('SIM_CONFIG_INVALID', `The CA in ${path} cannot be read.`, { cause })
  })

const connect = async (pump: PumpConfig): Promise<{ readonly twin: ProtocolTwin; readonly link: Link }> => {
  if (pump.protocol !== 'mqtt-json')
    return { twin: wireTwins[pump.protocol](pump), link: { kind: 'wire', wire: await openWire(pump) } }
  const twin = mqttTwinOf(pump)
  const publisher = new MqttPublisher({
    url: pump.mqtt ?? '',
    pumpId: pump.id,
    ...(pump.password === undefined ? {} : { password: pump.password }),
    ...(pump.ca === undefined ? {} : { ca: await readCa(pump.ca) }),
    will: twin.will(),
    hello: () => twin.hello(),
  })
  return { twin, link: { kind: 'broker', publisher } }
}

/** By name only: whoever asks reaches no file of this machine. */
const librarySaid = () =>
  scenarioNames().map((name) => {
    const spec = scenarioNamed(name)
    const programs = spec?.faults.some(({ change }) => isProgramFault(change.fault)) ?? false
    return { name, what: spec?.what ?? '', programs }
  })

const noTruth: TruthLog = { write: () => {} }

/** Opens every port, then lets all pumps live. Disposing pulls every cable. */
export const startSimulators = async (config: SimulatorConfig, log: Logger): Promise<Simulators> => {
  await using opened = new AsyncDisposableStack()
  const truth = config.truth === undefined ? noTruth : opened.use(new TruthFile(config.truth))
  const around = opened.use(surroundingsOf(config))
  const running: RunningPump[] = []
  // All at once: a broker that hangs keeps every pump waiting.
  opened.defer(async () => {
    await Promise.all(running.map(({ runner }) => runner[Symbol.asyncDispose]()))
  })
  const changed = (pumpId: string, fault: ProgramFault, change: FaultSwitch): string | null => {
    log.info({ pumpId, ...change }, 'fault of a program')
    // Written down before it is done: afterwards we may be gone ourselves.
    for (const { runner } of running) if (runner.id !== pumpId) runner.surrounded(change)
    const why = around.change(fault, change.on, change.amount)
    if (why !== null) log.error({ pumpId, fault, why }, 'fault of a program could not be done')
    return why
  }
  // Opening a serial port takes a while, and who has greeted a broker is expected to go on.
  for (const pump of config.pumps.toSorted((a, b) => Number(a.mqtt !== undefined) - Number(b.mqtt !== undefined)))
    running.push(
      await runningPump(pump, config.speed, truth, log, { cannot: (fault) => around.cannot(fault), changed }),
    )
  const places = new Map(config.pumps.map(({ id }, place) => [String(id), place]))
  running.sort((a, b) => (places.get(a.runner.id) ?? 0) - (places.get(b.runner.id) ?? 0))
  const controlled = controlledPumps(
    running.map((one) => controlledPump(one, (pumpId, what) => log.info({ pumpId, ...what }, 'done from outside'))),
    config.speed,
    { scenarios: librarySaid, scenario: (name) => (scenarioNames().includes(name) ? storyNamed(name) : null) },
  )
  const fleet = opened.use(new DrivenFleet())
  const control =
    config.control === undefined
      ? null
      : opened.use(await ControlServer.listen(config.control, fleetControl(fleet, pumpControl(controlled))))
  for (const { runner } of running) runner.start()
  const all = opened.move()
  return {
    pumps: () => controlled.pumps().map((pump) => pump.report()),
    controlUrl: control?.url ?? null,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** The decoder of `gateway decode`, as the pump was set. */
const newCapture = (pump: PumpConfig): CaptureReader | null => {
  const configured = findProfile(pump.protocol)?.configured(portOf(pump))
  return configured?.ok === true ? configured.profile.newCapture() : null
}

interface Around {
  readonly cannot: (fault: ProgramFault) => string | null
  readonly changed: (pumpId: string, fault: ProgramFault, change: FaultSwitch) => string | null
}

const runningPump = async (
  pump: PumpConfig,
  speed: number,
  truth: TruthLog,
  log: Logger,
  { cannot, changed }: Around,
): Promise<RunningPump> => {
  const { id, protocol, scenario: story } = pump
  const scenario = storyNamed(story)
  if (scenario === null) throw new SimulatorError('SIM_CONFIG_INVALID', `unknown scenario ${story}`)
  for (const { change } of scenario.faults ?? []) {
    const why = isProgramFault(change.fault) ? cannot(change.fault) : null
    if (why !== null) throw new SimulatorError('SIM_CONFIG_INVALID', `${id} cannot live through ${story}: ${why}.`)
  }
  const seed = seedOf(pump)
  const { twin, link } = await connect(pump)
  const settings = settingsOf(pump)
  const deeds = new Deeds()
  const simulated = new SimulatedPump({ id, seed, settings, scenario, twin, deeds })
  const watch = new WireWatch(() => newCapture(pump))
  const runner = new PumpRunner({
    pump: simulated,
    link,
    clock: systemClock,
    scheduler: systemScheduler,
    truth,
    story,
    speed,
    cableFailed: (pumpId, error) => log.error({ pumpId, err: error }, 'cable could not be moved'),
    watch,
    around: (fault, change) => changed(id, fault, change),
  })
  const lived = {
    pumpId: id,
    protocol,
    seed: pump.seed,
    scenario: scenario.name,
    profile: profileOf(pump),
    settings,
    deeds,
  }
  return {
    runner,
    pump: simulated,
    link,
    watch,
    protocol,
    scenario: scenario.name,
    hasFirmware: twin.firmware !== undefined,
    cannot,
    writeScenario: () => writeScenario({ ...lived, virtualMs: simulated.nowMs }),
  }
}
