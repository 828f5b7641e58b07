import { join, resolve } from 'node:path'
import { z } from 'zod'
import { Secret } from '#domain/secret.ts'
import { firstHubEnvironment, firstHubOf } from './compose/first-hub-config.ts'
import type { FirstHubConfig } from './compose/first-hub-config.ts'
import { oidcEnvironment, oidcOf } from './compose/oidc-config.ts'
import type { OidcConfig } from './compose/oidc-config.ts'
import { flag, secret, setting, text, whole } from './compose/setting-types.ts'
import { screensPerSession } from './core/open-screens.ts'
import { isRealContact } from './core/push-contact.ts'
import { isProxyAddress } from './core/transport/proxy-address.ts'

// One object describes every setting: `loadConfig` reads it, and docs/configuration.md is generated from `configTable()`.

const origin = text.refine((value) => {
  const url = URL.parse(value)
  return url !== null && ['http:', 'https:'].includes(url.protocol) && url.origin === value
}, 'must be an origin such as https://watch.example.org, without a path')
const origins = text
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(z.array(origin).min(1).max(20))
const loopback = text.refine((value) => {
  const url = URL.parse(value)
  return url?.protocol === 'http:' && url.origin === value && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
}, 'must be http:// with 127.0.0.1, localhost or [::1] and a port, without a path')
const contact = text.refine(
  isRealContact,
  'must be such as mailto:it@hospital.org or https://hospital.org/contact, with a name that is known on the internet',
)
const hosts = text
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(
    z.array(z.string().regex(/^[\w.-]+(:\d{1,5})?$|^\[[0-9a-f:]+\](:\d{1,5})?$/, 'must be host or host:port')).max(50),
  )
const proxies = text
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().refine(isProxyAddress, 'must be addresses such as 127.0.0.1 or 10.1.2.0/28')).min(1).max(50))
const secretUrl = text
  .refine((value) => ['https:', 'http:'].includes(URL.parse(value)?.protocol ?? ''), 'must be an http or https URL')
  .transform((value) => new Secret(value))
const timeZone = text.refine((value) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}, 'must be a time zone such as Europe/Berlin')

/** As it is to be read from the screen and dialled. */
const phone = text.regex(/^[+\d][\d ()/-]{2,30}$/, 'must be a telephone number')

/** Keys of the environment. An empty value counts as not set. */
export const ServerEnvironment = z.object({
  PORT: setting(whole(0, 65_535), { description: 'TCP port to listen on; 0 takes a free one.', default: '8080' }),
  HOST: setting(text, {
    description: 'Address to listen on. Beyond this machine give TLS_CERT_FILE, or put a proxy with TLS in front.',
    default: '127.0.0.1',
  }),
  TLS_CERT_FILE: setting(text, {
    description:
      'Certificate of the server in PEM with those that signed it: the server speaks TLS itself. Followed once a minute and on SIGHUP.',
  }),
  TLS_KEY_FILE: setting(text, { description: 'Its private key in PEM, without a passphrase, mode 0600.' }),
  TRUSTED_PROXIES: setting(proxies, {
    description:
      'Addresses or networks of the proxies in front of this server, comma separated. The caller’s address is taken from X-Forwarded-For of these alone. Not set: of nobody.',
  }),
  METRICS_PORT: setting(whole(0, 65_535), {
    description: 'Port for /metrics in Prometheus’ text format; 0 takes a free one. Not set: none.',
  }),
  METRICS_HOST: setting(text, {
    description: 'Address of that port. It asks nobody who they are: beyond this machine only on a network of its own.',
    default: '127.0.0.1',
  }),
  DATA_DIR: setting(text, { description: 'Folder of the journal and the embedded telemetry store.', default: 'data' }),
  PUBLIC_ORIGINS: setting(origins, {
    description: 'Origins under which browsers and hubs reach the server, comma separated. Others are refused.',
    default: 'http(s)://localhost:PORT',
  }),
  SCREENS_PER_SESSION: setting(whole(5, 500), {
    description:
      'Screens (tabs and windows) that one sign-in may have open at once; one more is told so and gets nothing; one that stopped answering makes room.',
    default: String(screensPerSession),
  }),
  ...firstHubEnvironment,
  SITE_NAME: setting(text.max(64), { description: 'Name of the site, shown in titles.', default: 'Infusion Watch' }),
  FACILITY_TIME_ZONE: setting(timeZone, { description: 'IANA time zone of the clock on screen.', default: 'UTC' }),
  PHONE_BACKUP: setting(phone, { description: 'Telephone number the screens name for the backup nurse.' }),
  PHONE_LEAD: setting(phone, { description: 'Telephone number the screens name for the lead.' }),
  INFLUX_URL: setting(z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }), {
    description: 'InfluxDB to keep telemetry in. Not set: the embedded SQLite store.',
  }),
  INFLUX_TOKEN: setting(secret, { description: 'Token of InfluxDB 2 and 3.', secret: true }),
  INFLUX_ORG: setting(text, { description: 'Organization of InfluxDB 2.', default: 'infusion-watch' }),
  INFLUX_BUCKET: setting(text, { description: 'Bucket, or database of InfluxDB 1.', default: 'infusion' }),
  INFLUX_USERNAME: setting(text, { description: 'User of InfluxDB 1 with authentication.' }),
  INFLUX_PASSWORD: setting(secret, { description: 'Password of that user.', secret: true }),
  TELEMETRY_DAYS: setting(whole(1, 3650), {
    description: 'How long each sample is kept; InfluxDB does it where this server makes the bucket. Days.',
    default: '90',
  }),
  ROLL_UP_DAYS: setting(whole(1, 36_500), {
    description:
      'How long one-minute roll-ups are kept, in InfluxDB in a bucket of their own with _1m behind its name. Days, not fewer than TELEMETRY_DAYS.',
    default: '1095',
  }),
  LATE_AFTER_MS: setting(whole(1_000, 3_600_000), {
    description: 'A record older than this on arrival is late: history, ringing only while still active. ms.',
    default: '120000',
  }),
  HUB_SILENT_MS: setting(whole(1_000, 90_000), {
    description: 'Without a heartbeat for this long a hub is lost. ms, at most 90000.',
    default: '30000',
  }),
  ASSIGNMENTS_FILE: setting(text, {
    description:
      'YAML or JSON file: pump id to bed label, therapy criticality and more (docs/alarms.md), read at each start; what a person changed since stays. A pump without an assignment counts as critical.',
  }),
  PAGING_HOOKS_FILE: setting(text, {
    description:
      'YAML or JSON file: other services that get pages (signed JSON, ntfy, PagerDuty, Slack, telephone calls), for a person, a team or everybody.',
  }),
  PUSH_CONTACT: setting(contact, {
    description:
      'mailto: or https: address of whoever runs this server, told to push services. Not set: the first public origin if it is https.',
  }),
  OUTGOING_HOSTS: setting(hosts, {
    description:
      'Own services such as ntfy.lan:8080, comma separated: pages may go there by http and to private addresses.',
  }),
  DEADMAN_URL: setting(secretUrl, {
    description:
      'Watchdog elsewhere, asked with GET while alarms can be stored and decided; its alarm is that it is not asked any more.',
    secret: true,
  }),
  DEADMAN_FAIL_URL: setting(secretUrl, {
    description: 'Asked once as soon as the server is not well, for watchdogs that have such an address.',
    secret: true,
  }),
  DEADMAN_EVERY_S: setting(whole(5, 3600), { description: 'How often the watchdog is asked. s.', default: '60' }),
  AUDIT_HEAD_DIR: setting(text, {
    description:
      'Folder on another disk or machine that the signed head of the audit trail is copied to every hour, as audit-heads.jsonl. Not set: the data folder, where it proves less.',
  }),
  AUDIT_HEAD_URL: setting(secretUrl, {
    description: 'Service that gets the same head as JSON by POST every hour.',
    secret: true,
  }),
  PATIENT_KEYS: setting(secret, {
    description:
      'Keys of the table of patients, 64 hexadecimal digits each, comma separated, newest first. Not set: patient-keys in the data folder, made at the first start.',
    secret: true,
  }),
  PASSWORD_PEPPER: setting(secret, {
    description:
      'Mixed into every password hash; keep it apart from the database. Changing it invalidates all passwords.',
    secret: true,
  }),
  ...oidcEnvironment,
  LOG_LEVEL: setting(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']), {
    description: 'Lowest level that is logged.',
    default: 'info',
  }),
  DEMO: setting(flag, { description: '1 marks every screen as a demonstration.', default: '0' }),
  SIMULATOR_CONTROL_URL: setting(loopback, {
    description:
      'Control port of simulated pumps on this machine, such as http://127.0.0.1:9090: lets engineers drive them through the server. Needs DEMO=1; not set: no such routes.',
  }),
  DEMO_ACCOUNTS: setting(flag, {
    description:
      '1 makes four accounts with random passwords and writes them to demo-access.json; a later start keeps those that still work.',
    default: '0',
  }),
})

export interface InfluxConfig {
  readonly url: string
  readonly token: Secret | null
  readonly org: string
  readonly bucket: string
  readonly username: string | null
  readonly password: Secret | null
}

export interface PagingConfig {
  readonly hooksFile: string | null
  /** Null: the first public origin if it is https, else an address that nobody has. */
  readonly pushContact: string | null
  readonly outgoingHosts: readonly string[]
  /** Null: no watchdog. */
  readonly deadman: { readonly url: Secret; readonly failUrl: Secret | null; readonly everyMs: number } | null
}

export interface ServerConfig {
  readonly port: number
  readonly host: string
  /** Absolute paths. Null: HTTP, for a proxy in front or for this machine alone. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null
  /** Addresses and networks, never "everybody". */
  readonly trustedProxies: readonly string[]
  /** Open at once in one session. */
  readonly screensPerSession: number
  /** Null: no figures. */
  readonly metricsPort: number | null
  readonly metricsHost: string
  /** Absolute. */
  readonly dataDir: string
  /** Null: `http://localhost:<the port really listened on>`, or https, and the same with 127.0.0.1. */
  readonly publicOrigins: readonly string[] | null
  /** Null: hubs are let in by claims that people make. */
  readonly firstHub: FirstHubConfig | null
  readonly siteName: string
  readonly phones: { readonly backup: string | null; readonly lead: string | null }
  readonly facilityTimeZone: string
  readonly influx: InfluxConfig | null
  readonly telemetryDays: number
  readonly rollUpDays: number
  readonly lateAfterMs: number
  readonly hubSilentMs: number
  readonly assignmentsFile: string | null
  readonly paging: PagingConfig
  readonly audit: { readonly headDir: string | null; readonly headUrl: Secret | null }
  /** Null: the key file in the data folder. */
  readonly patientKeys: Secret | null
  readonly passwordPepper: Secret | null
  /** Null: no identity provider. */
  readonly oidc: OidcConfig | null
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  readonly demo: boolean
  readonly demoAccounts: boolean
  /** Null: nobody drives simulated pumps through this server. */
  readonly simulatorControlUrl: string | null
  /** Where `npm run build` puts the dashboard. Absolute. */
  readonly dashboardDir: string
}

export type LoadedConfig =
  | { readonly ok: true; readonly config: ServerConfig }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Pure. Reports every problem at once, by key, and never a secret's value. */
export const loadConfig = (env: Readonly<Record<string, string | undefined>>): LoadedConfig => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = ServerEnvironment.safeParse(given)
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => `${String(issue.path[0] ?? 'settings')}: ${issue.message}`),
    }
  const e = parsed.data
  const problems: string[] = []
  const oidc = oidcOf(e, problems)
  if (e.INFLUX_URL === undefined && (e.INFLUX_TOKEN !== undefined || e.INFLUX_PASSWORD !== undefined))
    problems.push('INFLUX_URL: is missing although InfluxDB credentials are given')
  if (e.INFLUX_PASSWORD !== undefined && e.INFLUX_USERNAME === undefined)
    problems.push('INFLUX_USERNAME: is missing although INFLUX_PASSWORD is given')
  if ((e.ROLL_UP_DAYS ?? 1095) < (e.TELEMETRY_DAYS ?? 90))
    problems.push('ROLL_UP_DAYS: must not be fewer than TELEMETRY_DAYS')
  if (e.SIMULATOR_CONTROL_URL !== undefined && e.DEMO !== true)
    problems.push('SIMULATOR_CONTROL_URL: goes with DEMO=1 only')
  if (e.DEADMAN_URL === undefined && e.DEADMAN_FAIL_URL !== undefined)
    problems.push('DEADMAN_URL: is missing although DEADMAN_FAIL_URL is given')
  const tls =
    e.TLS_CERT_FILE === undefined || e.TLS_KEY_FILE === undefined
      ? null
      : { certFile: resolve(e.TLS_CERT_FILE), keyFile: resolve(e.TLS_KEY_FILE) }
  if (tls === null && e.TLS_CERT_FILE !== undefined)
    problems.push('TLS_KEY_FILE: is missing although TLS_CERT_FILE is given')
  if (tls === null && e.TLS_KEY_FILE !== undefined)
    problems.push('TLS_CERT_FILE: is missing although TLS_KEY_FILE is given')
  const plain = (e.PUBLIC_ORIGINS ?? []).filter((one) => one.startsWith('http:'))
  if (tls !== null && plain.length > 0)
    problems.push(`PUBLIC_ORIGINS: ${plain.join(', ')} must begin with https, because this server speaks TLS itself`)
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    config: {
      port: e.PORT ?? 8080,
      host: e.HOST ?? '127.0.0.1',
      tls,
      trustedProxies: e.TRUSTED_PROXIES ?? [],
      metricsPort: e.METRICS_PORT ?? null,
      metricsHost: e.METRICS_HOST ?? '127.0.0.1',
      dataDir: resolve(e.DATA_DIR ?? 'data'),
      publicOrigins: e.PUBLIC_ORIGINS ?? null,
      screensPerSession: e.SCREENS_PER_SESSION ?? screensPerSession,
      firstHub: firstHubOf(e),
      siteName: e.SITE_NAME ?? 'Infusion Watch',
      phones: { backup: e.PHONE_BACKUP ?? null, lead: e.PHONE_LEAD ?? null },
      facilityTimeZone: e.FACILITY_TIME_ZONE ?? 'UTC',
      influx:
        e.INFLUX_URL === undefined
          ? null
          : {
              url: e.INFLUX_URL,
              token: e.INFLUX_TOKEN ?? null,
              org: e.INFLUX_ORG ?? 'infusion-watch',
              bucket: e.INFLUX_BUCKET ?? 'infusion',
              username: e.INFLUX_USERNAME ?? null,
              password: e.INFLUX_PASSWORD ?? null,
            },
      telemetryDays: e.TELEMETRY_DAYS ?? 90,
      rollUpDays: e.ROLL_UP_DAYS ?? 1095,
      lateAfterMs: e.LATE_AFTER_MS ?? 120_000,
      hubSilentMs: e.HUB_SILENT_MS ?? 30_000,
      assignmentsFile: e.ASSIGNMENTS_FILE === undefined ? null : resolve(e.ASSIGNMENTS_FILE),
      paging: {
        hooksFile: e.PAGING_HOOKS_FILE === undefined ? null : resolve(e.PAGING_HOOKS_FILE),
        pushContact: e.PUSH_CONTACT ?? null,
        outgoingHosts: e.OUTGOING_HOSTS ?? [],
        deadman:
          e.DEADMAN_URL === undefined
            ? null
            : { url: e.DEADMAN_URL, failUrl: e.DEADMAN_FAIL_URL ?? null, everyMs: (e.DEADMAN_EVERY_S ?? 60) * 1000 },
      },
      audit: {
        headDir: e.AUDIT_HEAD_DIR === undefined ? null : resolve(e.AUDIT_HEAD_DIR),
        headUrl: e.AUDIT_HEAD_URL ?? null,
      },
      patientKeys: e.PATIENT_KEYS ?? null,
      passwordPepper: e.PASSWORD_PEPPER ?? null,
      oidc,
      logLevel: e.LOG_LEVEL ?? 'info',
      demo: e.DEMO ?? false,
      demoAccounts: e.DEMO_ACCOUNTS ?? false,
      simulatorControlUrl: e.SIMULATOR_CONTROL_URL ?? null,
      dashboardDir: join(import.meta.dirname, '..', 'dashboard', 'dist'),
    },
  }
}

export interface ConfigRow {
  readonly key: string
  readonly description: string
  readonly default: string | null
  readonly secret: boolean
}

const Described = z.object({ description: z.string(), default: z.string().optional(), secret: z.boolean().optional() })

/** One row per setting, in the order of this file: the source of docs/configuration.md. */
export const configTable = (): readonly ConfigRow[] =>
  Object.entries(ServerEnvironment.shape).map(([key, schema]) => {
    const meta = Described.parse(schema.meta())
    return { key, description: meta.description, default: meta.default ?? null, secret: meta.secret ?? false }
  })
