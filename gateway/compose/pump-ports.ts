import { devicePlugged } from '../adapters/device-watch.ts'
import { SerialTransport } from '../adapters/serial-transport/serial-transport.ts'
import { TcpTransport } from '../adapters/tcp-transport.ts'
import { GatewayError } from '../core/errors.ts'
import { PumpPort } from '../core/pump-port.ts'
import { profiles } from '#domain/pump-protocols/profiles.ts'
import type { Logger } from 'pino'
import type { PumpProfile } from '#domain/pump-protocols/profile.ts'
import type { MeasurementStatus } from '#domain/telemetry.ts'
import type { Clock, Scheduler } from '#domain/time.ts'
import type { PortConfig } from '../config.ts'
import type { Random } from '../core/backoff.ts'
import type { Transport } from '../core/ports.ts'
import type { PumpStream } from '../core/pump-stream.ts'

/** A stream of records for the pump on `port`. */
export type NewStream = (port: string, experimental: boolean, marks: readonly MeasurementStatus[]) => PumpStream

export interface PumpPortsDeps {
  readonly newStream: NewStream
  /** Judges silence: it should not count a stall of this process. */
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly random: Random
  readonly hurry: () => void
  readonly log: Logger
}

export const marksOf = (simulated: 'demo' | 'test' | undefined): readonly ('demo' | 'test')[] =>
  simulated === undefined ? [] : [simulated]

const profileOf = ({ name, protocol, settings }: PortConfig): PumpProfile => {
  const configured = profiles.get(protocol)?.configured(settings)
  if (configured?.ok) return configured.profile
  throw new GatewayError(
    'GW_CONFIG_INVALID',
    `port ${name}: unknown protocol "${protocol}" or settings that do not fit`,
  )
}

const dropUndefined = ({ baudRate, dataBits, parity, stopBits }: PortConfig) => ({
  ...(baudRate === undefined ? {} : { baudRate }),
  ...(dataBits === undefined ? {} : { dataBits }),
  ...(parity === undefined ? {} : { parity }),
  ...(stopBits === undefined ? {} : { stopBits }),
})

/** What only listens permits nothing. */
export const transportOf = (
  port: PortConfig,
  profile: Pick<PumpProfile, 'serial' | 'permits'>,
  scheduler: Scheduler,
): Transport => {
  const guard = { permits: (bytes: Uint8Array): boolean => profile.permits(bytes), scheduler }
  switch (port.url.kind) {
    case 'serial': {
      const { path } = port.url
      const { baudRate, dataBits, parity, stopBits } = { ...profile.serial, ...dropUndefined(port) }
      return new SerialTransport({
        name: port.name,
        path,
        plugged: (wasMissing, signal) => devicePlugged({ path, wasMissing }, signal),
        settings: { baudRate, dataBits, parity, stopBits },
        ...guard,
      })
    }
    case 'tcp':
      return new TcpTransport({ name: port.name, host: port.url.host, port: port.url.port, ...guard })
  }
}

/** Pumps on serial lines and device servers. */
export const pumpPorts = (
  ports: readonly PortConfig[],
  { newStream, clock, scheduler, random, hurry, log }: PumpPortsDeps,
): readonly PumpPort[] =>
  ports.map((port) => {
    const profile = profileOf(port)
    const marks = marksOf(port.simulated)
    return new PumpPort({
      transport: transportOf(port, profile, scheduler),
      profile,
      stream: newStream(port.name, profile.experimental, marks),
      marks,
      clock,
      scheduler,
      random,
      hurry,
      troubleChanged: (name, trouble) => {
        if (trouble === null) log.info({ port: name }, 'port is open')
        else log.warn({ port: name, code: trouble.code, reason: trouble.message }, 'port is not open, trying on')
      },
      refusedWrite: (name, bytes) =>
        log.error(
          { port: name, bytes: Buffer.from(bytes).toString('hex').slice(0, 128) },
          'write refused by whitelist',
        ),
    })
  })
