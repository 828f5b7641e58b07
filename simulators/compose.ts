import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { pumpControl } from './core/control.ts'
import { AlarisTwin } from './core/alaris-acp/twin.ts'
import { Ip1Twin } from './core/ip1/twin.ts'
import { MqttTwin } from './core/mqtt-json/twin.ts'
import { NeurowaveTwin } from './core/neurowave-ap4000/twin.ts'
import { NewEraTwin } from './core/new-era-ne1000/twin.ts'
import { TerumoTwin } from './core/terumo-xml-tcp/twin.ts'
import type { TruthLog, Wire } from './core/ports.ts'
import type { ProtocolTwin } from './core/protocol-twin.ts'
import type { Link, PumpReport } from './core/pump-report.ts'
import { PumpRunner } from './core/pump-runner.ts'
import { hashText, mix32 } from './core/random.ts'
import { SimulatedPump } from './core/simulated-pump.ts'
import { SimulatorError } from './core/errors.ts'
import { ControlServer } from './adapters/control-server.ts'
import { MivaTwin } from './core/zyno-miva/twin.ts'
import { MqttPublisher } from './adapters/mqtt-client.ts'
import { PtyPort } from './adapters/pty.ts'
import { systemClock, systemScheduler } from './adapters/system-time.ts'
import { TcpPort } from './adapters/tcp-port.ts'
import { TruthFile } from './adapters/truth-log.ts'
import { storyNamed } from './scenario-library.ts'
import { settingsOf, type PumpConfig, type SimulatorConfig } from './config.ts'

export interface Simulators extends AsyncDisposable {
  readonly pumps: () => readonly (PumpReport & { readonly protocol: string; readonly scenario: string })[]
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

const connect = async (
  pump: PumpConfig,
  seed: number,
): Promise<{ readonly twin: ProtocolTwin; readonly link: Link }> => {
  const { id, intervalMs } = pump
  switch (pump.protocol) {
    case 'ip1': {
      const identity = {
        serial: id,
        maker: 'Simulated',
        model: pump.profile ?? 'generic-ambulatory',
        firmware: '1.0.0',
        intervalMs,
        capabilities: ['AL', 'AK', 'LG', 'DEMO'],
      }
      return { twin: new Ip1Twin({ identity, seed }), link: { kind: 'wire', wire: await openWire(pump) } }
    }
    case 'alaris-acp':
      return { twin: new AlarisTwin(id), link: { kind: 'wire', wire: await openWire(pump) } }
    case 'neurowave-ap4000':
      return { twin: new NeurowaveTwin(id), link: { kind: 'wire', wire: await openWire(pump) } }
    case 'zyno-miva':
      return { twin: new MivaTwin(id), link: { kind: 'wire', wire: await openWire(pump) } }
    case 'terumo-xml-tcp':
      return { twin: new TerumoTwin(id), link: { kind: 'wire', wire: await openWire(pump) } }
    case 'new-era-ne1000': {
      const { mode, safTimeoutS } = pump
      return { twin: new NewEraTwin({ mode, safTimeoutS }), link: { kind: 'wire', wire: await openWire(pump) } }
    }
    case 'mqtt-json': {
      const twin = new MqttTwin({ pumpId: id, serial: id, intervalMs })
      const publisher = new MqttPublisher({
        url: pump.mqtt ?? '',
        pumpId: id,
        ...(pump.password === undefined ? {} : { password: pump.password }),
        ...(pump.ca === undefined ? {} : { ca: await readCa(pump.ca) }),
        will: twin.will(),
        hello: () => twin.hello(),
      })
      return { twin, link: { kind: 'broker', publisher } }
    }
  }
}

const noTruth: TruthLog = { write: () => {} }

/** Opens every port, then lets all pumps live. Disposing pulls every cable. */
export const startSimulators = async (config: SimulatorConfig, log: Logger): Promise<Simulators> => {
  await using opened = new AsyncDisposableStack()
  const truth = config.truth === undefined ? noTruth : opened.use(new TruthFile(config.truth))
  const runners = new Map<string, PumpRunner>()
  // All at once: a broker that hangs keeps every pump waiting.
  opened.defer(async () => {
    await Promise.all([...runners.values()].map((runner) => runner[Symbol.asyncDispose]()))
  })
  const names = new Map(config.pumps.map(({ id, protocol, scenario }) => [String(id), { protocol, scenario }]))
  for (const pump of config.pumps) {
    const scenario = storyNamed(pump.scenario)
    // Pumps with one seed still live lives of their own.
    const seed = mix32(pump.seed, hashText(pump.id))
    if (scenario === null) throw new SimulatorError('SIM_CONFIG_INVALID', `unknown scenario ${pump.scenario}`)
    const { twin, link } = await connect(pump, seed)
    const simulated = new SimulatedPump({ id: pump.id, seed, settings: settingsOf(pump), scenario, twin })
    const runner = new PumpRunner({
      pump: simulated,
      link,
      clock: systemClock,
      scheduler: systemScheduler,
      truth,
      story: pump.scenario,
      speed: config.speed,
      cableFailed: (pumpId, error) => log.error({ pumpId, err: error }, 'cable could not be moved'),
    })
    runners.set(pump.id, runner)
  }
  const pumps: Simulators['pumps'] = () =>
    [...runners.values()].map((runner) => ({
      ...runner.report(),
      ...(names.get(runner.id) ?? { protocol: '', scenario: '' }),
    }))
  const time = { speed: config.speed, paused: false }
  const control =
    config.control === undefined
      ? null
      : opened.use(
          await ControlServer.listen(
            config.control,
            pumpControl({
              list: pumps,
              act: async (pumpId, act) => {
                const runner = runners.get(pumpId)
                if (runner === undefined) return false
                log.info({ pumpId, ...act }, 'act from outside')
                await runner.act(act)
                return true
              },
              fault: async (pumpId, change) => {
                const runner = runners.get(pumpId)
                if (runner === undefined) return false
                log.info({ pumpId, ...change }, 'fault from outside')
                await runner.fault(change)
                return true
              },
              clock: () => ({ ...time }),
              setSpeed: (speed) => {
                for (const runner of runners.values()) runner.setSpeed(speed)
                Object.assign(time, { speed, paused: false })
              },
              pause: () => {
                for (const runner of runners.values()) runner.pause()
                time.paused = true
              },
              step: (ms) => {
                for (const runner of runners.values()) runner.step(ms)
                time.paused = true
              },
            }),
          ),
        )
  for (const runner of runners.values()) runner.start()
  const running = opened.move()
  return { pumps, controlUrl: control?.url ?? null, [Symbol.asyncDispose]: () => running.disposeAsync() }
}
