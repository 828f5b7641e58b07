/** Who may import whom, docs/architecture.md. The first zone whose pattern matches a path rules it. */
export interface Zone {
  readonly name: string
  readonly files: RegExp
  /** Our own files that may be imported, besides the zone's rules in `sameFolder`. */
  readonly mayImport: readonly RegExp[]
  readonly packages: readonly RegExp[]
  /** Packages of which only types may be imported. */
  readonly typesOf?: readonly RegExp[]
  readonly defaultExport?: boolean
}

const exactly = (...names: readonly string[]): readonly RegExp[] =>
  names.map((name) => new RegExp(`^${name.replaceAll('/', '\\/')}$`))
const below = (...folders: readonly string[]): readonly RegExp[] => folders.map((folder) => new RegExp(`^${folder}/`))
const node = /^node:/

type Program = 'gateway' | 'server' | 'simulators'

const adapterPackages: Readonly<Record<Program, readonly RegExp[]>> = {
  gateway: [node, ...exactly('aedes', 'mqtt', 'mqtt-packet', 'prom-client', 'serialport', 'zod')],
  server: [
    node,
    ...exactly(
      '@influxdata/influxdb-client',
      '@simplewebauthn/server',
      '@zxcvbn-ts/language-common',
      'openid-client',
      'prom-client',
      'socket.io',
      'web-push',
      'yaml',
      'zod',
    ),
  ],
  simulators: [node, ...exactly('mqtt', 'serialport', 'zod')],
}

/** Files that wire a program together: they may see all of it. */
const compositionFiles: Readonly<Record<Program, RegExp>> = {
  gateway: /^gateway\/((compose|config|main)\.ts$|(compose|commands)\/)/,
  server: /^server\/((compose|config|main)\.ts$|(compose|commands)\/)/,
  simulators:
    /^simulators\/(compose|config|console|main|driven-fleet|fleet|fleet-hubs|load|demo|demo-waits|proxy|replay|scenario-export|scenario-file|scenario-library|surroundings|twins|verification|verify)\.ts$/,
}

const program = (name: Program): readonly Zone[] => [
  {
    name: `${name}/core`,
    files: new RegExp(`^${name}/core/`),
    mayImport: below('domain', `${name}/core`),
    packages: [],
    typesOf: exactly('zod'),
  },
  {
    name: `${name}/adapters`,
    files: new RegExp(`^${name}/adapters/`),
    // An adapter of several files keeps them in a folder of its own; see `sameAdapter` in import-law.ts.
    mayImport: below('domain', `${name}/core`),
    packages: adapterPackages[name],
    typesOf: exactly('pino'),
  },
  {
    name: `${name} composition`,
    files: compositionFiles[name],
    mayImport: below('domain', name),
    packages: [node, ...exactly('zod', 'pino', ...(name === 'server' ? [] : ['yaml']))],
  },
]

export const zones: readonly Zone[] = [
  // `Temporal` is the language's own calendar, which this Node does not have yet.
  {
    name: 'domain/on-call',
    files: /^domain\/on-call\//,
    mayImport: below('domain'),
    packages: exactly('temporal-polyfill', 'zod'),
  },
  { name: 'domain', files: /^domain\//, mayImport: below('domain'), packages: exactly('zod') },
  ...program('gateway'),
  {
    name: 'gateway status page',
    files: /^gateway\/status-page\/[\w-]+(\.js|\.d\.ts)$/,
    mayImport: below('gateway/status-page'),
    packages: [],
  },
  ...program('server'),
  {
    name: 'server/http',
    files: /^server\/http\//,
    mayImport: below('domain', 'server/core', 'server/http'),
    packages: [...exactly('fastify', 'fastify-type-provider-zod', 'zod'), /^@fastify\//],
  },
  ...program('simulators'),
  {
    name: 'dashboard/core',
    files: /^dashboard\/src\/core\//,
    mayImport: below('domain', 'dashboard/src/core'),
    packages: [],
    typesOf: exactly('zod'),
  },
  {
    name: 'dashboard/ui',
    files: /^dashboard\/src\/ui\//,
    mayImport: below('domain', 'dashboard/src/core', 'dashboard/src/ui'),
    packages: [/^preact(\/|$)/, /^@preact\/signals$/, /^uplot(\/|$)/, /^uqr$/, /^@fontsource-variable\//],
  },
  {
    name: 'dashboard/adapters',
    files: /^dashboard\/src\/adapters\//,
    mayImport: below('domain', 'dashboard/src/core'),
    packages: exactly('socket.io-client', 'zod'),
  },
  {
    name: 'dashboard composition',
    files: /^dashboard\/src\/main\.tsx?$/,
    mayImport: below('domain', 'dashboard/src'),
    packages: [/^preact(\/|$)/, /^@preact\/signals$/, /^@fontsource-variable\//, /^uplot\/.*\.css$/],
  },
  {
    name: 'tool configuration',
    files: /^(vitest\.config|dashboard\/vite\.config)\.ts$/,
    mayImport: [/^dashboard\/shell-files\.ts$/],
    packages: [node, /^vitest(\/|$)/, /^vite$/],
    defaultExport: true,
  },
  {
    name: 'list of the page’s files',
    files: /^dashboard\/shell-files\.ts$/,
    mayImport: [],
    packages: [node, /^vite$/],
  },
  {
    name: 'docs generator',
    files: /^scripts\/generate-docs\.ts$/,
    mayImport: [
      /^(gateway|server)\/config\.ts$/,
      /^simulators\/scenario-file\.ts$/,
      /^domain\/pump-protocols\/profiles\.ts$/,
    ],
    packages: [node, ...exactly('zod')],
  },
  { name: 'scripts', files: /^scripts\/[\w.-]+(\.mjs|\.d\.mts)$/, mayImport: below('scripts'), packages: [node] },
  { name: 'test', files: /^test\//, mayImport: [/./], packages: [/./] },
]
