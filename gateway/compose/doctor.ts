import { isIP } from 'node:net'
import { examineClock } from '../adapters/doctor/clock.ts'
import { examineDataFolder } from '../adapters/doctor/data-folder.ts'
import { examineCommand, examineListener } from '../adapters/doctor/listeners.ts'
import { examineTcpPort, knock } from '../adapters/doctor/network-port.ts'
import { examineNode, examineUser } from '../adapters/doctor/machine.ts'
import { examineOutbox } from '../adapters/doctor/outbox-files.ts'
import { examinePairing } from '../adapters/doctor/pairing.ts'
import { examineSerialPort } from '../adapters/doctor/serial-port.ts'
import { examineServer } from '../adapters/doctor/server.ts'
import { readRunningGateway } from '../adapters/doctor/running-gateway.ts'
import { schemaVersion } from '../adapters/sqlite-outbox/sql.ts'
import { homeAddress } from '../adapters/mqtt-ingress/home-address.ts'
import { fail, ok } from '../core/finding.ts'
import type { RunningGateway } from '../adapters/doctor/running-gateway.ts'
import type { Config, PortConfig } from '../config.ts'
import type { Finding } from '../core/finding.ts'

/** A gateway at work has the ports: what it says of them is better than a second visitor, who may throw it out. */
const portAtWork = (name: string, running: RunningGateway): Finding => {
  const port = running.ports.find((candidate) => candidate.name === name)
  if (port === undefined)
    return fail(
      `port ${name}`,
      'the running gateway does not know it',
      'start the gateway again: its configuration is older',
    )
  if (port.link === 'up') return ok(`port ${name}`, 'the running gateway hears the pump')
  return fail(
    `port ${name}`,
    `the running gateway hears no pump: ${port.reason ?? port.link}`,
    'check cable, speed and protocol; stop the gateway and run the doctor again for the port itself',
  )
}

const examinePort = async (port: PortConfig, running: RunningGateway | null): Promise<readonly Finding[]> => {
  switch (port.url.kind) {
    case 'serial': {
      const findings = await examineSerialPort(port.name, port.url.path)
      const sound = findings.every(({ level }) => level !== 'fail')
      return sound && running !== null ? [...findings, portAtWork(port.name, running)] : findings
    }
    case 'tcp':
      return running === null
        ? examineTcpPort(port.name, port.url.host, port.url.port)
        : [portAtWork(port.name, running)]
  }
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** Neither an address nor a host name with a dot, which the system resolves. */
const isInterfaceName = (host: string): boolean => isIP(host) === 0 && host !== 'localhost' && !host.includes('.')

const examineForeignBroker = async (url: URL): Promise<readonly Finding[]> => {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = Number(url.port || (url.protocol === 'mqtts:' ? 8883 : 1883))
  const { trouble } = await knock(host, port, 0)
  return [
    trouble === null
      ? ok('mqtt', `the broker at ${host}:${port} answers`)
      : fail(
          'mqtt',
          `the broker at ${host}:${port} cannot be reached: ${trouble}`,
          'check mqtt.broker, and whether it runs',
        ),
  ]
}

const examineBroker = async (config: Config, running: boolean): Promise<readonly Finding[]> => {
  const { mqtt } = config
  if (mqtt === undefined) return []
  if (mqtt.broker !== undefined) return running ? [] : examineForeignBroker(new URL(mqtt.broker.url))
  const host = homeAddress(mqtt.host)
  if (host === null || (host === mqtt.host && isInterfaceName(host)))
    return [
      fail(
        'mqtt',
        `the network interface ${mqtt.host} ${host === null ? 'has no address' : 'is not there'}`,
        'plug the cable in, or correct mqtt.host (ip -brief address lists them)',
      ),
    ]
  return examineListener({ check: 'mqtt', host, port: mqtt.port, forOthers: true, running })
}

/** Looks at everything the hub needs. Opens no serial port and writes to no pump; changes nothing but a file of its own for a moment. */
export const examine = async (config: Config, nodeVersion: string): Promise<readonly Finding[]> => {
  const running = await readRunningGateway(config.statusHost, config.statusPort, config.name)
  const url = new URL(config.server.url)
  const serial = config.ports.some((port) => port.url.kind === 'serial')
  // One after the other: on a small machine the doctor should not be what makes the disk slow.
  const server = await examineServer(url, 'ca' in config.server ? text(config.server.ca) : undefined)
  const command = config.annunciator.command?.[0]
  return [
    ok('gateway', running === null ? 'does not run, or not with this status page' : 'runs'),
    ...(running?.stuck ?? []).map((name) =>
      fail('gateway', `${name} stands still`, 'restart it: sudo systemctl restart infusion-watch-gateway'),
    ),
    examineNode(nodeVersion),
    await examineUser(serial),
    ...(await Promise.all(config.ports.map((port) => examinePort(port, running)))).flat(),
    ...(await examineDataFolder(config.dataDir)),
    ...(await examineOutbox(config.dataDir, schemaVersion)),
    ...(await examineClock(Date.now(), server.offsetMs)),
    ...server.findings,
    ...(await examinePairing(config.dataDir, url.origin)),
    ...(await examineBroker(config, running !== null)),
    ...(command === undefined ? [] : [await examineCommand('annunciator', command)]),
    ...(await examineListener({
      check: 'status page',
      host: config.statusHost,
      port: config.statusPort,
      forOthers: false,
      running: running !== null,
    })),
  ]
}
