// Chromium, InfluxDB, Mosquitto, nginx, Caddy, a C compiler, openssl and faketime for the tests, from the distribution's packages where that is possible.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const needs = [
  {
    packages: ['chromium'],
    variable: 'CHROMIUM_PATH',
    commands: ['chromium', 'google-chrome', 'google-chrome-stable'],
    suites: 'the end-to-end tests in a browser',
  },
  {
    packages: ['influxdb'],
    variable: 'INFLUXD_PATH',
    commands: ['influxd'],
    suites: 'the telemetry store tests on a real InfluxDB',
  },
  {
    packages: ['mosquitto'],
    variable: 'MOSQUITTO_PATH',
    commands: ['mosquitto'],
    suites: 'the tests of a hub that subscribes to somebody else’s MQTT broker, on a real one',
  },
  {
    packages: ['nginx'],
    variable: 'NGINX_PATH',
    commands: ['nginx'],
    suites: 'the test of the server behind nginx',
  },
  {
    packages: ['caddy'],
    variable: 'CADDY_PATH',
    commands: ['caddy'],
    suites: 'the test of the server behind Caddy',
  },
  {
    packages: ['gcc', 'libc6-dev'],
    variable: 'CC',
    commands: ['cc', 'gcc', 'clang'],
    suites: 'the tests of power cuts and failing disks',
  },
  {
    packages: ['openssl'],
    variable: 'OPENSSL_PATH',
    commands: ['openssl'],
    suites: 'the tests of servers with wrong certificates',
  },
  {
    packages: ['faketime'],
    variable: 'FAKETIME_PATH',
    commands: ['faketime'],
    suites: 'the test of a hub that starts in 1970',
  },
]

const executable = (path) => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

const present = ({ variable, commands }) => {
  if (process.env[variable]) return true
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/sbin']
  return commands.some((command) => folders.some((folder) => executable(join(folder, command))))
}

const distribution = () => {
  try {
    const text = readFileSync('/etc/os-release', 'utf8')
    const field = (name) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? ''
    return { id: field('ID'), like: field('ID_LIKE') }
  } catch {
    return { id: process.platform, like: '' }
  }
}

const quiet = (command, args) =>
  spawnSync(command, args, { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })

/** How to run a command as root without being asked anything: a prefix, or null. */
const asRoot = () => {
  if (process.getuid?.() === 0) return []
  return quiet('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : null
}

const installPackages = (prefix, packages) => {
  const run = (...args) => {
    const [command, ...rest] = [...prefix, ...args]
    return quiet(command, rest)
  }
  run('apt-get', 'update')
  const result = run('apt-get', 'install', '-y', '--no-install-recommends', ...packages)
  // The tests start their own; the packages' services are not wanted on a developer's machine.
  const services = packages.filter((name) => ['influxdb', 'mosquitto', 'nginx', 'caddy'].includes(name))
  if (services.length > 0 && existsSync('/run/systemd/system')) run('systemctl', 'disable', '--now', ...services)
  const lastWords = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim().split('\n').at(-1)
  return result.status === 0 ? '' : `apt-get could not install ${packages.join(', ')}: ${lastWords}`
}

/** Installs what it can and says, by name, what is missing and which suites that costs. */
export const ensureServices = ({ say, step }) => {
  const missing = needs.filter((need) => !present(need))
  if (missing.length === 0) return
  const { id, like } = distribution()
  const debian = [id, ...like.split(' ')].includes('debian') && existsSync('/usr/bin/apt-get')
  // Ubuntu's package "chromium" only installs a snap, which cannot be driven from a test's temporary folder.
  const snapStub = id === 'ubuntu' || like.split(' ').includes('ubuntu')
  const wanted = missing.flatMap((need) => need.packages).filter((name) => !(snapStub && name === 'chromium'))
  const prefix = debian && wanted.length > 0 ? asRoot() : null
  if (prefix !== null) step('packages', () => installPackages(prefix, wanted) || wanted.join(', '))

  for (const need of needs.filter((candidate) => !present(candidate))) {
    const packages = need.packages.join(' ')
    const outcome = process.env.CI === 'true' ? 'fail, because CI=true' : 'are skipped'
    say(`  ${packages} is missing: ${need.suites} ${outcome}.`)
    say(
      snapStub && packages === 'chromium'
        ? `    Ubuntu's package "chromium" is a stub for a snap, which the tests cannot drive. Install Google Chrome's .deb, or set ${need.variable}.`
        : `    Install it (Debian: apt-get install ${packages}), or set ${need.variable} to its program.`,
    )
  }
}
