import { isIP } from 'node:net'
import { z } from 'zod'
import { PumpId } from '#domain/ids.ts'
import { Secret } from '#domain/secret.ts'

const secret = z
  .string()
  .min(1)
  .transform((value) => new Secret(value))

const Broker = z.strictObject({
  url: z
    .url({ protocol: /^mqtts?$/, error: 'must be mqtts://host:port or mqtt://host:port' })
    .describe('Where it is: `mqtts://host:8883`, or `mqtt://` on loopback or with `lab`.'),
  ca: z.string().min(1).optional().describe('File with the CA of that broker, PEM. Absent: the public CAs.'),
  username: z.string().min(1).optional().describe('User name of this hub there.'),
  password: secret.optional().describe('Password of this hub there.'),
  clientId: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -')
    .optional()
    .describe(
      'Client id, under which that broker keeps messages while this hub is away. Default: `hub-` and the hub’s name.',
    ),
  topicPrefix: z
    .string()
    .regex(/^[^+#$/][^+#]*[^+#/]$|^[^+#$/]$/, 'must be a topic without wildcards, and not begin or end with /')
    .default('pumps')
    .describe('What stands in front of `/{id}/telemetry`, `/alarm`, `/event`, `/status`.'),
})

const Given = z.strictObject({
  host: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Address the broker listens on, or the name of a network interface (`eth0`) whose address it takes. Default: `127.0.0.1`.',
    ),
  port: z
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('Port the broker listens on; 0 takes a free one. Default: 8883 with TLS, 1883 without.'),
  tls: z.boolean().optional().describe('TLS with a certificate of this hub’s own CA. Default: on, except on loopback.'),
  names: z
    .array(z.string().min(1).max(253))
    .max(16)
    .optional()
    .describe('Further names and addresses under which pumps reach this hub, for its certificate.'),
  lab: z
    .boolean()
    .default(false)
    .describe('Laboratory only: MQTT without TLS beyond loopback, and on all network interfaces.'),
  pumps: z
    .array(
      z.strictObject({
        id: PumpId.describe('Pump id = MQTT client id = user name.'),
        secret: secret.optional().describe('Password of this pump, in plain. Better: `secretSha256`.'),
        secretSha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits, as "gateway mqtt add-pump" prints them')
          .optional()
          .describe('SHA-256 of this pump’s password, as `gateway mqtt add-pump` prints it.'),
      }),
    )
    .max(32)
    .default([])
    .describe('Pumps that may connect. On loopback an empty list lets any pump in.'),
  broker: Broker.optional().describe('Somebody else’s broker to subscribe to, instead of running the hub’s own.'),
  simulated: z
    .enum(['demo', 'test'])
    .optional()
    .describe('Marks everything from here as simulated, whatever the pump says.'),
})
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

const ownHost = '127.0.0.1'

const hasTls = (host: string, tls: boolean | undefined): boolean => tls ?? !isLoopback(host)

/** As much of it as several values together can be judged by; the rest may be wrong. */
const Judged = z.looseObject({
  host: z.string().optional().catch(undefined),
  tls: z.boolean().optional().catch(undefined),
  lab: z.boolean().default(false).catch(false),
  pumps: z.array(z.looseObject({ secret: z.unknown().optional(), secretSha256: z.unknown().optional() })).catch([]),
  broker: z
    .looseObject({ url: z.string().catch('') })
    .optional()
    .catch(undefined),
})

/** A word that somebody made up is tried out against its SHA-256 in no time. */
const secretAtLeast = 16
const ofItsOwnBroker = ['host', 'port', 'tls', 'names']

type Problem = (path: PropertyKey[], message: string) => void
type Judged = z.output<typeof Judged>

const judgeForeign = (mqtt: Judged, { url: text }: { url: string }, problem: Problem): void => {
  for (const key of ofItsOwnBroker)
    if (mqtt[key] !== undefined) problem([key], 'belongs to the hub’s own broker: not together with mqtt.broker')
  const url = URL.parse(text)
  const local = url !== null && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1'))
  // It is logged.
  if (url !== null && url.username + url.password !== '')
    problem(['broker', 'url'], 'give user name and password in mqtt.broker.username and mqtt.broker.password')
  if (url?.protocol === 'mqtt:' && !local && !mqtt.lab)
    problem(['broker', 'url'], 'everybody on the network could forge alarms: use mqtts://, or say mqtt.lab: true')
  if (!local && mqtt.pumps.length === 0)
    problem(['pumps'], 'needed unless the broker is on loopback: the pumps that are heard')
  for (const [index, { secret, secretSha256 }] of mqtt.pumps.entries())
    if (secret !== undefined || secretSha256 !== undefined)
      problem(
        ['pumps', index],
        'a secret is for the hub’s own broker; with mqtt.broker that broker checks who publishes',
      )
}

const judgeOwn = ({ host = ownHost, tls, lab, pumps }: Judged, problem: Problem): void => {
  for (const [index, { secret, secretSha256 }] of pumps.entries())
    if (secret !== undefined && secretSha256 !== undefined)
      problem(['pumps', index], 'give secret or secretSha256, not both')
  if (isLoopback(host)) return
  if (!hasTls(host, tls) && !lab) problem(['tls'], 'needed unless mqtt.host is loopback or mqtt.lab is true')
  if (['0.0.0.0', '::'].includes(host) && !lab)
    problem(['host'], 'must be one address or interface of the home network, unless mqtt.lab is true')
  if (pumps.length === 0) problem(['pumps'], 'needed unless mqtt.host is loopback')
  for (const [index, { secret, secretSha256 }] of pumps.entries()) {
    if (secret === undefined && secretSha256 === undefined)
      problem(['pumps', index, 'secret'], 'needed unless mqtt.host is loopback')
    if (secret instanceof Secret && secret.reveal().length < secretAtLeast)
      problem(
        ['pumps', index, 'secret'],
        `too short: at least ${secretAtLeast} characters; "gateway mqtt add-pump" makes one`,
      )
  }
}

const judge = (given: unknown, context: z.RefinementCtx): void => {
  const judged = Judged.safeParse(given)
  if (!judged.success) return
  const problem: Problem = (path, message) => context.addIssue({ code: 'custom', path, message })
  if (judged.data.broker === undefined) judgeOwn(judged.data, problem)
  else judgeForeign(judged.data, judged.data.broker, problem)
}

// Also when something else is wrong: all problems are told at once.
export const MqttConfig = Given.superRefine(judge, { when: () => true }).transform((given) => {
  const host = given.host ?? ownHost
  const tls = hasTls(host, given.tls)
  return { ...given, host, tls, port: given.port ?? (tls ? 8883 : 1883), names: given.names ?? [] }
})
export type MqttConfig = z.output<typeof MqttConfig>
