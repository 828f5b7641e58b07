import { parse as parseYaml, YAMLParseError } from 'yaml'
import { z } from 'zod'
import { PumpId } from '#domain/ids.ts'
import { SimulatorError } from './core/errors.ts'
import { pumpProfileNames, pumpProfiles, type PumpProfileName, type PumpSettings } from './core/pump-settings.ts'
import { scenarioNamed, scenarioNames } from './scenario-library.ts'

export const protocols = [
  'ip1',
  'alaris-acp',
  'neurowave-ap4000',
  'zyno-miva',
  'terumo-xml-tcp',
  'new-era-ne1000',
  'mqtt-json',
] as const

const TcpAddress = z
  .string()
  .regex(/^[A-Za-z0-9.-]+:\d{1,5}$/, 'must be host:port; port 0 takes a free one')
  .transform((text) => ({
    host: text.slice(0, text.lastIndexOf(':')),
    port: Number(text.slice(text.lastIndexOf(':') + 1)),
  }))

const positive = z.number().positive()
const notNegative = z.number().nonnegative()
const percent = z.number().min(0).max(100)

/** What a configuration may change about a pump; the rest comes from its profile. */
const Settings = z.strictObject({
  deliveryMode: z.enum(['continuous', 'intermittent', 'tpn', 'variable', 'pca']),
  rateMlPerHour: notNegative.max(1200),
  doseMl: positive.max(9999),
  doseIntervalMinutes: positive,
  bolusMl: positive.max(100),
  bolusRateMlPerHour: positive.max(1200),
  lockoutMinutes: notNegative,
  bolusesPerHour: z.int().min(0),
  rampMinutes: notNegative,
  taperMinutes: notNegative,
  steps: z.array(z.strictObject({ minutes: positive, rateMlPerHour: notNegative.max(1200) })).max(25),
  selfTestSeconds: notNegative.max(600),
  vtbiMl: positive.max(9999),
  kvoRateMlPerHour: notNegative.max(20),
  nearCompleteSeconds: notNegative,
  bagMl: positive.max(9999),
  reservoirLowMl: notNegative,
  restingPressureMmHg: z.number(),
  resistanceMmHgPerMlPerHour: notNegative,
  complianceMlPerMmHg: positive,
  occlusionLimitMmHg: positive,
  upstreamLimitMl: positive.nullable(),
  airLimitMl: positive.nullable(),
  restartsAfterOcclusion: z.boolean(),
  pausedTooLongSeconds: positive,
  batteryHours: positive,
  chargeHours: positive,
  batteryLowPercent: percent,
  batteryDepletedPercent: percent,
  startBatteryPercent: percent,
  startsOnMains: z.boolean(),
  expectsMains: z.boolean(),
})
const settingNames = new Set(Object.keys(Settings.shape))

const PumpConfig = z
  .strictObject({
    id: PumpId,
    protocol: z.enum(protocols),
    serial: z.string().startsWith('/', 'must be an absolute path').optional(),
    tcp: TcpAddress.optional(),
    mqtt: z.url({ protocol: /^mqtts?$/, error: 'must be mqtts://host:port or mqtt://host:port' }).optional(),
    ca: z.string().min(1).optional(),
    password: z.string().min(1).optional(),
    scenario: z
      .string()
      .default('normal')
      .superRefine((name, context) => {
        // As an object: a plain text would keep later checks from running.
        const complain = (message: string): void => context.addIssue({ code: 'custom', message })
        try {
          const scenario = scenarioNamed(name)
          if (scenario === null)
            complain(`unknown scenario "${name}"; known: ${scenarioNames().join(', ')}, or the path of a file`)
          const settings = Settings.partial().safeParse(scenario?.settings ?? {})
          for (const { path, message } of settings.error?.issues ?? [])
            complain(`${name}: pump.settings.${path.map(String).join('.')}: ${message}`)
        } catch (error) {
          if (!(error instanceof SimulatorError)) throw error
          complain(error.message)
        }
      }),
    seed: z.int().nonnegative().default(1),
    profile: z.enum(pumpProfileNames).optional(),
    /** New Era only: what the pump was set to with `SAF`. */
    mode: z.enum(['safe', 'basic']).default('safe'),
    /** New Era only: communication time-out of Safe mode, s; 0 is none. */
    safTimeoutS: z.int().min(0).max(255).default(0),
    /** MIVA only: the check of its frames, and the numbers of its log. */
    check: z.enum(['sum', 'xor']).default('sum'),
    eventTable: z.enum(['none', 'A', 'B']).default('none'),
    intervalMs: z.int().min(500).max(5000).default(1000),
    settings: Settings.partial().default({}),
  })
  .superRefine((pump, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message })
    const links = (['serial', 'tcp', 'mqtt'] as const).filter((name) => pump[name] !== undefined)
    if (links.length !== 1) complain('serial', 'give exactly one of serial, tcp, mqtt')
    else if ((pump.protocol === 'mqtt-json') !== (links[0] === 'mqtt'))
      complain('protocol', 'mqtt-json goes with mqtt, the others with serial or tcp')
    if (pump.ca !== undefined && !pump.mqtt?.startsWith('mqtts:')) complain('ca', 'goes with mqtts://')
    if (pump.protocol === 'ip1' && pump.id.length > 32) complain('id', 'ip1 has room for 32 characters')
    if (pump.protocol === 'alaris-acp' && !/^\d{4}-\d{5}$/.test(pump.id))
      complain('id', 'an Alaris serial number looks like 8002-51740')
    if (pump.protocol === 'neurowave-ap4000' && !/^\d{3}-\d{2}-\d{2}-\d{3}$/.test(pump.id))
      complain('id', 'an AP-4000 system id looks like 032-19-50-014')
    if (pump.protocol === 'zyno-miva' && !/^SN\d{6}$/.test(pump.id))
      complain('id', 'a MIVA serial number looks like SN800009')
    if (pump.protocol === 'terumo-xml-tcp' && !/^[0-9A-Z]{1,64}$/.test(pump.id))
      complain('id', 'a Terumo id has digits and capital letters only')
    if (pump.protocol === 'terumo-xml-tcp' && pump.tcp === undefined)
      complain('tcp', 'a Terumo pump is a TCP server: give tcp')
    if (pump.protocol !== 'new-era-ne1000' && (pump.mode !== 'safe' || pump.safTimeoutS !== 0))
      complain('mode', 'mode and safTimeoutS belong to new-era-ne1000')
    if (pump.protocol !== 'zyno-miva' && (pump.check !== 'sum' || pump.eventTable !== 'none'))
      complain('check', 'check and eventTable belong to zyno-miva')
  })

const ProcessAddress = z.union([
  z.int().min(2, 'must be a process id'),
  z.string().includes('/', 'must be a process id or the path of a file that holds it'),
])

const Config = z
  .strictObject({
    pumps: z.array(PumpConfig).min(1, 'no pump: give --pump or pumps'),
    /** Virtual seconds per real second. */
    speed: z.number().min(0.1).max(1000).default(1),
    truth: z.string().min(1).optional(),
    control: z.int().min(0).max(65_535).optional(),
    /** Programs that faults may stop and kill: a process id, or the file that holds it. */
    processes: z
      .strictObject({
        hub: ProcessAddress.optional(),
        server: ProcessAddress.optional(),
        simulators: z.string().includes('/', 'must be the path of a file').optional(),
      })
      .default({}),
    /** The file from which libfaketime tells the hub how far its clock is off. */
    hubClock: z.string().min(1).optional(),
  })
  .superRefine(({ pumps }, context) => {
    const seen = new Set<string>()
    for (const [index, { id }] of pumps.entries()) {
      if (seen.has(id))
        context.addIssue({ code: 'custom', path: ['pumps', index, 'id'], message: `${id} is used twice` })
      seen.add(id)
    }
  })

export type SimulatorConfig = z.output<typeof Config>
export type PumpConfig = SimulatorConfig['pumps'][number]

const usualProfile: Readonly<Record<PumpConfig['protocol'], PumpProfileName>> = {
  ip1: 'generic-ambulatory',
  'alaris-acp': 'generic-syringe',
  'neurowave-ap4000': 'generic-two-channel',
  'zyno-miva': 'generic-ambulatory',
  'terumo-xml-tcp': 'generic-syringe',
  'new-era-ne1000': 'generic-syringe',
  'mqtt-json': 'generic-ambulatory',
}

const isProfileName = (name: string | null): name is PumpProfileName =>
  name !== null && Object.hasOwn(pumpProfiles, name)

const told = (settings: object): Partial<PumpSettings> =>
  Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))

/** The profile that the pump's settings start from. */
export const profileOf = ({ profile, protocol, scenario }: PumpConfig): PumpProfileName => {
  const wanted = profile ?? scenarioNamed(scenario)?.profile ?? null
  return isProfileName(wanted) ? wanted : usualProfile[protocol]
}

/** The pump's settings: its profile's, with what its scenario and then the configuration change. */
export const settingsOf = (pump: PumpConfig): PumpSettings => {
  const base: PumpSettings = pumpProfiles[profileOf(pump)]
  const story = scenarioNamed(pump.scenario)
  return { ...base, ...told(Settings.partial().parse(story?.settings ?? {})), ...told(pump.settings) }
}

const value = (text: string): unknown => {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}

const numbers: ReadonlySet<string> = new Set(['seed', 'intervalMs', 'safTimeoutS'])

/** `id=P-0001,protocol=ip1,serial=/path,scenario=normal,seed=1`; names of settings are allowed beside them. */
export const readPumpArgument = (text: string): unknown => {
  const pump: Record<string, unknown> = {}
  const settings: Record<string, unknown> = {}
  for (const part of text.split(',')) {
    const at = part.indexOf('=')
    const name = at < 0 ? part : part.slice(0, at)
    const raw = at < 0 ? '' : part.slice(at + 1)
    if (settingNames.has(name)) settings[name] = value(raw)
    else pump[name] = numbers.has(name) ? value(raw) : raw
  }
  return Object.keys(settings).length === 0 ? pump : { ...pump, settings }
}

const named = (text: string): readonly [string, unknown] => {
  const [name = '', ...rest] = text.split('=')
  return [name, value(rest.join('='))]
}

export interface GivenConfig {
  /** Text of the file, YAML or JSON. */
  readonly file: string | null
  readonly pumps: readonly string[]
  readonly truth: string | null
  readonly control: string | null
  readonly speed: string | null
  /** `hub=4711`, `server=/run/server.pid`. */
  readonly processes?: readonly string[]
  readonly hubClock?: string | null
  /** Of the pumps that speak MQTT and have none of their own. */
  readonly mqttPassword?: string | null
}

const withPassword = (pump: PumpConfig, password: string): PumpConfig =>
  pump.mqtt === undefined ? pump : { ...pump, password: pump.password ?? password }

/** Reads file and arguments together. Throws `SIM_CONFIG_INVALID` naming every problem, one a line. */
export const readConfig = (given: GivenConfig): SimulatorConfig => {
  const { file, pumps, truth, control, speed, processes = [], hubClock = null, mqttPassword } = given
  let content: unknown
  try {
    content = file === null ? {} : parseYaml(file, { maxAliasCount: 0 })
  } catch (cause) {
    const why = cause instanceof YAMLParseError ? cause.message : String(cause)
    throw new SimulatorError('SIM_CONFIG_INVALID', `The configuration is neither YAML nor JSON: ${why}`, { cause })
  }
  const fromFile: Record<string, unknown> = typeof content === 'object' && content !== null ? { ...content } : {}
  const listed: readonly unknown[] = Array.isArray(fromFile['pumps']) ? fromFile['pumps'] : []
  const result = Config.safeParse({
    ...fromFile,
    pumps: [...listed, ...pumps.map(readPumpArgument)],
    ...(truth === null ? {} : { truth }),
    ...(control === null ? {} : { control: value(control) }),
    ...(speed === null ? {} : { speed: value(speed) }),
    ...(processes.length === 0 ? {} : { processes: Object.fromEntries(processes.map(named)) }),
    ...(hubClock === null ? {} : { hubClock }),
  })
  if (result.success) {
    if (!mqttPassword) return result.data
    return { ...result.data, pumps: result.data.pumps.map((pump) => withPassword(pump, mqttPassword)) }
  }
  const problems = result.error.issues.map(
    ({ path, message }) => `  ${path.length === 0 ? '(all)' : path.map(String).join('.')}: ${message}`,
  )
  throw new SimulatorError('SIM_CONFIG_INVALID', `The configuration cannot be used:\n${problems.join('\n')}`)
}
