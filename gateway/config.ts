import { resolve } from 'node:path'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import { z } from 'zod'
import type { PumpProfile } from '#domain/pump-protocols/profile.ts'
import { MqttConfig } from './compose/mqtt-config.ts'
import { GatewayError } from './core/errors.ts'
import { Secret } from '#domain/secret.ts'
import { canaryEveryMs } from '#domain/uplink/canary.ts'

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ - and start with a letter or digit')
const tcpPort = z.int().min(0).max(65_535)
const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value))

/** As `curl --pinnedpubkey` takes it. */
const pin = z.string().regex(/^sha256\/\/[A-Za-z0-9+/]{43}=$/, 'must be sha256// and 44 characters of base64')

/** `serial:/dev/serial/by-id/…` or `tcp://host:port`. */
const PortUrl = z.string().transform((text, context) => {
  if (/^serial:\/./.test(text)) return { kind: 'serial', path: text.slice('serial:'.length) } as const
  const url = text.startsWith('tcp://') ? URL.parse(text) : null
  if (url !== null && url.hostname !== '' && Number(url.port) > 0 && ['', '/'].includes(url.pathname))
    return { kind: 'tcp', host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(url.port) } as const
  context.addIssue('must be serial:/dev/… or tcp://host:port')
  return z.NEVER
})

const simulated = z
  .enum(['demo', 'test'])
  .optional()
  .describe('Marks everything from here as simulated, whatever the pump says.')

/** By protocol name. */
type Profiles = ReadonlyMap<string, PumpProfile>

const PortConfig = (profiles: Profiles) =>
  z.strictObject({
    name: name.describe('Name of the port, shown to people.'),
    url: PortUrl.describe('`serial:/dev/serial/by-id/…` or `tcp://host:port`.'),
    protocol: z
      .string()
      .refine((protocol) => profiles.has(protocol), {
        error: ({ input }) => `unknown protocol "${String(input)}"; known: ${[...profiles.keys()].join(', ')}`,
      })
      .describe('Pump protocol spoken there.'),
    settings: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('What the protocol leaves to choose; see the table of protocols below.'),
    baudRate: z.int().min(50).max(4_000_000).optional().describe('Serial only; default: the protocol’s own.'),
    dataBits: z
      .union([z.literal(7), z.literal(8)])
      .optional()
      .describe('Serial only; default: the protocol’s own.'),
    parity: z.enum(['none', 'even', 'odd']).optional().describe('Serial only; default: the protocol’s own.'),
    stopBits: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .describe('Serial only; default: the protocol’s own.'),
    simulated,
  })

const AnnunciatorConfig = z
  .strictObject({
    command: z
      .array(z.string().min(1).max(512))
      .min(1)
      .max(32)
      .optional()
      .describe(
        'Program and arguments that make a noise, started without a shell while the hub’s own alarm sounds. Its standard input is the sound as a WAV file, for example `[aplay, -q]`. Absent: only the status page sounds.',
      ),
    afterSeconds: z
      .int()
      .min(5)
      .max(600)
      .default(120)
      .describe('How long a high alarm may go on without a nurse’s acceptance before the hub itself sounds.'),
  })
  .describe('The hub’s own alarm.')

const OutboxConfig = z.strictObject({
  telemetryMiB: z
    .int()
    .min(8)
    .max(1_048_576)
    .default(1_024)
    .describe('Disk that waiting telemetry may take, MiB. From 80 % on the oldest is thinned, from 95 % on dropped.'),
  telemetryDays: z
    .int()
    .min(1)
    .max(30)
    .default(30)
    .describe('Telemetry that has waited longer is dropped, days of running time.'),
  reserveMiB: z
    .int()
    .min(1)
    .max(4_096)
    .default(64)
    .describe('Disk kept for alarms inside their own file, MiB: they are stored when the disk is full.'),
  ballastMiB: z
    .int()
    .min(1)
    .max(1_024)
    .default(8)
    .describe('Size of the file that is given up when something else fills the disk, MiB.'),
})

/** As much of a configuration as several values together can be judged by; the rest may be wrong. */
const Judged = z.looseObject({
  ports: z
    .array(
      z.looseObject({
        name: z.string().nullable().catch(null),
        protocol: z.string().catch(''),
        settings: z.unknown().optional(),
      }),
    )
    .catch([]),
  mqtt: z.unknown().optional(),
})

const crossChecks =
  (profiles: Profiles) =>
  (config: unknown, context: z.RefinementCtx): void => {
    const judged = Judged.safeParse(config)
    if (!judged.success) return
    const { ports, mqtt } = judged.data
    const problem = (path: PropertyKey[], message: string): void => context.addIssue({ code: 'custom', path, message })
    const seen = new Set<string>()
    for (const [index, { name, protocol, settings }] of ports.entries()) {
      const configured = profiles.get(protocol)?.configured(settings ?? {})
      if (configured?.ok === false)
        for (const { path, message } of configured.problems) problem(['ports', index, 'settings', ...path], message)
      if (name === null) continue
      if (seen.has(name)) problem(['ports', index, 'name'], `"${name}" is used twice`)
      seen.add(name)
    }
    if (ports.length === 0 && (mqtt === undefined || mqtt === null))
      problem(['ports'], 'no pump can connect: give a port or mqtt')
  }

export const ConfigSchema = (profiles: Profiles) =>
  z
    .strictObject({
      name: name.describe('Name of this hub, shown to people.'),
      server: z.strictObject({
        url: z
          .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
          .describe('Where the server is, for example https://watch.example.org.'),
        ca: z
          .string()
          .min(1)
          .optional()
          .describe(
            'File with the roots (PEM) that vouch for the server. Absent: the public ones that Node brings along.',
          ),
        pins: z
          .array(pin)
          .min(1)
          .max(4)
          .optional()
          .describe(
            '`sha256//…` of public keys: the server or an authority above it has to have one of them. Needed to pair a hub whose clock is wrong.',
          ),
      }),
      dataDir: z.string().min(1).default('data/hub').describe('Folder of the outbox and the hub’s key.'),
      outbox: OutboxConfig.prefault({}),
      ports: z.array(PortConfig(profiles)).max(32).default([]).describe('Pumps on serial lines and device servers.'),
      mqtt: MqttConfig.optional().describe(
        'Pumps that speak MQTT, to the hub’s own broker or through another one. Absent: none.',
      ),
      statusHost: z.string().min(1).default('127.0.0.1').describe('Address of the status page.'),
      statusPort: tcpPort.default(9470).describe('Port of the status page; 0 takes a free one.'),
      annunciator: AnnunciatorConfig.prefault({}),
      nurseLine: z
        .string()
        .min(1)
        .max(80)
        .optional()
        .describe('Telephone number of the nurse line, shown on the status page when somebody has to be called.'),
      logLevel: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'])
        .default('info')
        .describe('Lowest level that is logged.'),
      enrol: z
        .strictObject({
          claimId: z.string().min(1).max(64).describe('Id of the claim, from the server.'),
          code: secret.describe('Code of the claim: ten minutes, one use.'),
        })
        .optional()
        .describe('Pairs the hub at start when it is not paired, or again when it is locked out.'),
      canarySeconds: z
        .int()
        .min(0)
        .max(86_400)
        .default(canaryEveryMs / 1_000)
        .describe(
          'How often the hub sends a test alarm, which proves the path and rings nowhere; 0: never, and nobody is told.',
        ),
      keyDays: z.int().min(1).max(365).default(90).describe('Days after which the hub replaces its key by itself.'),
    })
    // Also when something else is wrong: all problems are told at once.
    .superRefine(crossChecks(profiles), { when: () => true })

export type Config = z.output<ReturnType<typeof ConfigSchema>>
export type PortConfig = Config['ports'][number]

/** What the environment may add to the file, for containers and for secrets; docs/configuration.md is written from it. */
export const environmentTable = {
  GATEWAY_CLAIM: '`claimId:code`, in place of `enrol`.',
  GATEWAY_DATA_DIR: 'In place of `dataDir`.',
  GATEWAY_MQTT_PASSWORD: 'In place of `mqtt.broker.password`.',
  LOG_LEVEL: 'In place of `logLevel`.',
} as const

export type Environment = { readonly [Name in keyof typeof environmentTable]?: string | undefined }

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const overlay = (file: unknown, environment: Environment): unknown => {
  if (!isTable(file)) return file
  const { mqtt } = file
  const password = environment.GATEWAY_MQTT_PASSWORD
  const claim = /^([^:]+):(.+)$/.exec(environment.GATEWAY_CLAIM ?? '')
  return {
    ...file,
    ...(claim === null ? {} : { enrol: { claimId: claim[1], code: claim[2] } }),
    ...(environment.GATEWAY_DATA_DIR ? { dataDir: environment.GATEWAY_DATA_DIR } : {}),
    ...(environment.LOG_LEVEL ? { logLevel: environment.LOG_LEVEL } : {}),
    ...(password && isTable(mqtt) && isTable(mqtt['broker'])
      ? { mqtt: { ...mqtt, broker: { ...mqtt['broker'], password } } }
      : {}),
  }
}

const parseText = (text: string): unknown => {
  try {
    return parseYaml(text)
  } catch (cause) {
    const why = cause instanceof YAMLParseError ? cause.message : String(cause)
    throw new GatewayError('GW_CONFIG_INVALID', `the configuration is neither YAML nor JSON: ${why}`, { cause })
  }
}

/**
 * Reads the text of a configuration file (YAML, of which JSON is a part). Throws `GW_CONFIG_INVALID` naming every problem with
 * its path, one a line.
 */
export const parseConfig = (text: string, environment: Environment, profiles: Profiles): Config => {
  const result = ConfigSchema(profiles).safeParse(overlay(parseText(text), environment))
  if (!result.success) {
    const problems = result.error.issues.map(
      ({ path, message }) => `  ${path.length === 0 ? '(file)' : path.map(String).join('.')}: ${message}`,
    )
    throw new GatewayError(
      'GW_CONFIG_INVALID',
      `the configuration has ${problems.length} problem(s):\n${problems.join('\n')}`,
    )
  }
  return { ...result.data, dataDir: resolve(result.data.dataDir) }
}
