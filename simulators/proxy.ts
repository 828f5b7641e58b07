import { parseArgs } from 'node:util'
import { ControlServer } from './adapters/control-server.ts'
import { FaultProxy } from './adapters/fault-proxy.ts'
import { bad, ok, unknown, type Answering } from './core/control.ts'
import { SimulatorError } from './core/errors.ts'
import { networkFaults, readNetworkFaults, type NetworkFaults } from './core/faults/network.ts'

export const proxyHelp = `simulators proxy --to HOST:PORT [--listen PORT] [--seed N] [--fault SPEC]... [--control PORT]

Passes TCP connections to 127.0.0.1:PORT on, damaged: between a hub and its server, a hub and its broker, or any others.

  --listen   a free port without it; it is printed
  --fault    can be given several times; to-server: or to-client: before it names a direction
${Object.entries(networkFaults)
  .map(([name, { what }]) => `               ${name.padEnd(14)} ${what}`)
  .join('\n')}
  --control  HTTP on 127.0.0.1: GET /counts, POST /faults {"faults": ["stall"]} (all there are from now on), POST /reset

Prints one JSON line when it listens; ends on SIGTERM or SIGINT.
`

const faultsOf = (specs: readonly string[]): NetworkFaults => {
  const faults = readNetworkFaults(specs)
  if (typeof faults === 'string') throw new SimulatorError('SIM_CONFIG_INVALID', faults)
  return faults
}

const wholeNumber = (text: string, name: string, high: number): number => {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > high)
    throw new SimulatorError('SIM_CONFIG_INVALID', `--${name} takes a whole number from 0 to ${high}.`)
  return value
}

const targetOf = (text: string): { readonly host: string; readonly port: number } => {
  const [, host = '', port = ''] = /^([A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? []
  if (host === '') throw new SimulatorError('SIM_CONFIG_INVALID', '--to takes HOST:PORT.')
  return { host, port: wholeNumber(port, 'to', 65_535) }
}

export const proxyControl =
  (proxy: Pick<FaultProxy, 'counts' | 'open' | 'set' | 'resetAll'>): Answering =>
  ({ method, path, body }) => {
    if (method === 'GET' && path === '/counts') return ok({ ...proxy.counts, open: proxy.open })
    if (method === 'POST' && path === '/reset') {
      proxy.resetAll()
      return ok({ ...proxy.counts })
    }
    if (method !== 'POST' || path !== '/faults') return unknown('GET /counts, POST /faults, POST /reset')
    const specs: unknown = body['faults']
    if (!Array.isArray(specs) || !specs.every((spec) => typeof spec === 'string'))
      return bad('send {"faults": ["delay=100..1000", …]}; an empty list ends all')
    const faults = readNetworkFaults(specs)
    if (typeof faults === 'string') return bad(faults)
    proxy.set(faults)
    return ok({ faults })
  }

/** The `proxy` command. `ended` resolves when it has to stop. Resolves with the exit code. */
export const runProxy = async (args: readonly string[], ended: () => Promise<unknown>): Promise<number> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      listen: { type: 'string', default: '0' },
      to: { type: 'string' },
      seed: { type: 'string', default: '1' },
      fault: { type: 'string', multiple: true, default: [] },
      control: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help || values.to === undefined) {
    ;(values.help ? process.stdout : process.stderr).write(proxyHelp)
    return values.help ? 0 : 2
  }
  const faults = faultsOf(values.fault)
  const listen = wholeNumber(values.listen, 'listen', 65_535)
  const end = ended()
  await using proxy = await FaultProxy.start(targetOf(values.to), wholeNumber(values.seed, 'seed', 0xffff_ffff), listen)
  proxy.set(faults)
  await using control =
    values.control === undefined
      ? null
      : await ControlServer.listen(wholeNumber(values.control, 'control', 65_535), proxyControl(proxy))
  const address = `127.0.0.1:${proxy.port}`
  process.stdout.write(`${JSON.stringify({ ready: true, address, to: values.to, control: control?.url ?? null })}\n`)
  await end
  return 0
}
