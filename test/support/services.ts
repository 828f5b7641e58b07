import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs of the distribution that some suites need, with the package that brings each. */
const services = {
  chromium: { variable: 'CHROMIUM_PATH', commands: ['chromium', 'google-chrome', 'google-chrome-stable'] },
  influxd: { variable: 'INFLUXD_PATH', commands: ['influxd'] },
  mosquitto: { variable: 'MOSQUITTO_PATH', commands: ['mosquitto'] },
  nginx: { variable: 'NGINX_PATH', commands: ['nginx'] },
  caddy: { variable: 'CADDY_PATH', commands: ['caddy'] },
  cc: { variable: 'CC', commands: ['cc', 'gcc', 'clang'] },
  openssl: { variable: 'OPENSSL_PATH', commands: ['openssl'] },
  faketime: { variable: 'FAKETIME_PATH', commands: ['faketime'] },
} as const

export type Service = keyof typeof services

const packageOf: Record<Service, string> = {
  chromium: 'chromium',
  influxd: 'influxdb',
  mosquitto: 'mosquitto',
  nginx: 'nginx',
  caddy: 'caddy',
  cc: 'gcc and libc6-dev',
  openssl: 'openssl',
  faketime: 'faketime',
}

const executable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Where the program is (an environment variable wins over PATH), or null. */
export const findService = (service: Service): string | null => {
  const { variable, commands } = services[service]
  const named = process.env[variable]
  if (named !== undefined && named !== '') return named
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/sbin']
  const candidates = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  return candidates.find(executable) ?? null
}

export const missingService = (service: Service): string =>
  `${service} is missing: install ${packageOf[service]} or set ${services[service].variable}`

/** In CI a missing program fails the suite; elsewhere the suite is skipped and says by name what to install. */
export const servicesRequired = (): boolean => process.env['CI'] === 'true' || process.env['REQUIRE_SERVICES'] === '1'
