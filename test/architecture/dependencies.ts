export interface LockEntry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly devOptional?: boolean
}

export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>
}

export interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}

/** `null`: the package must not be there at all. Several floors: one per major version, the last holds above. */
export const floors: Readonly<Record<string, readonly string[] | null>> = {
  aedes: ['1.1.3'],
  fastify: ['5.12.5'],
  'socket.io-parser': ['4.2.7'],
  'engine.io': ['6.6.7'],
  ws: ['8.21.1'],
  undici: ['7.28.0', '8.5.0'],
  'fast-uri': ['3.1.7', '4.1.4'],
  '@fastify/secure-session': null,
}

const parts = (version: string): readonly number[] =>
  (version.split(/[-+]/)[0] ?? '').split('.').map((part) => Number.parseInt(part, 10))

const isBelow = (version: string, floor: string): boolean => {
  const [a, b] = [parts(version), parts(floor)]
  const difference = [0, 1, 2].map((i) => (a[i] ?? 0) - (b[i] ?? 0)).find((d) => d !== 0) ?? 0
  return difference < 0 || (difference === 0 && version.includes('-') && !floor.includes('-'))
}

const floorFor = (version: string, candidates: readonly string[]): string => {
  const major = parts(version)[0]
  return (
    candidates.find((floor) => parts(floor)[0] === major) ?? candidates.at(major! < parts(candidates[0]!)[0]! ? 0 : -1)!
  )
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Every copy of a package, nested ones too, that is below its floor or must not be there. */
export const belowFloor = (lock: Lock): readonly string[] =>
  Object.entries(lock.packages).flatMap(([path, { version }]) => {
    const candidates = path === '' ? undefined : floors[nameOf(path)]
    if (candidates === undefined || version === undefined) return []
    if (candidates === null) return [`${path} is not allowed`]
    const floor = floorFor(version, candidates)
    const preRelease = version.includes('-')
    return isBelow(version, floor) || preRelease ? [`${path}@${version} is not a release from ${floor} on`] : []
  })

/** Versions in package.json that are not exact. */
export const inexact = (manifest: Manifest): readonly string[] =>
  Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies })
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}@${version}`)

/** Packages that want to run a script at install and that nobody has judged. */
export const unjudgedScripts = (lock: Lock, manifest: Manifest): readonly string[] =>
  Object.entries(lock.packages)
    .filter(([path, entry]) => entry.hasInstallScript === true && !(nameOf(path) in manifest.allowScripts))
    .map(([path]) => path)

const said = (floor: readonly string[] | null): string =>
  floor === null ? 'never' : floor.map((version) => `≥ ${version}`).join(' or ')

/** Rows `| package | floor |` of security.md 12 that say otherwise than `floors`, and floors without a row. */
export const floorRowProblems = (page: string): readonly string[] => {
  const [, section = ''] = page.split(/^## 12\. /m)
  const rows = new Map(
    [...(section.split(/^## /m)[0] ?? '').matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(
      ([, name = '', floor = '']) => [name, floor],
    ),
  )
  return [
    ...Object.entries(floors)
      .filter(([name, floor]) => rows.get(name) !== said(floor))
      .map(([name, floor]) => `${name}: ${said(floor)}, the page says ${rows.get(name) ?? 'nothing'}`),
    ...[...rows.keys()].filter((name) => !(name in floors)).map((name) => `${name} has no floor`),
  ]
}

/** Packages whose script was judged and that are not there any more, or that are let run one. */
export const staleJudgements = (lock: Lock, manifest: Manifest): readonly string[] => {
  const wanting = new Set(
    Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([path]) => nameOf(path)),
  )
  return Object.entries(manifest.allowScripts)
    .filter(([name, mayRun]) => mayRun || !wanting.has(name))
    .map(([name]) => name)
}

/** Copies without a checksum, or bound to one registry's address: installing uses the reader's own registry. */
export const unpinned = (lock: Lock): readonly string[] =>
  Object.entries(lock.packages)
    .filter(
      ([path, { integrity, resolved, link }]) =>
        path !== '' && (!/^sha512-[\w+/]{86}==$/.test(integrity ?? '') || resolved !== undefined || link === true),
    )
    .map(([path]) => path)
