import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { searchForCanaries } from './canaries.ts'
import type { Canary, Place } from './canaries.ts'

interface DemoAccess {
  readonly users: readonly { readonly name: string; readonly password: string }[]
  readonly claim?: { readonly code: string } | null
}

/** What this file of tests has planted so far, and what it was told that must hold none of it: errors, addresses, pushes. */
const known: Canary[] = []
const heard = new Map<string, Set<string>>()

/** From now on every search looks for it, too. */
export const plant = (...canaries: readonly Canary[]): void => {
  for (const canary of canaries) if (!known.some(({ value }) => value === canary.value)) known.push(canary)
}

/** Something that left a program, to be searched at the end. The same thing again is kept once. */
export const overhear = (name: string, content: string | Uint8Array): void => {
  const said = heard.get(name) ?? new Set()
  heard.set(name, said.add(Buffer.from(content).toString('latin1')))
}

const maximumBytes = 512 * 1024 * 1024

/** Every file below a folder, databases and their write-ahead logs too, by its name in there. */
export const filesBelow = (folder: string, as: string): readonly Place[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: `${as}/${relative(folder, path)}`, content: readFileSync(path) }))
    .filter(({ content }) => content.length < maximumBytes)

/** Files of a server's data folder that hold secrets, in hexadecimal. */
const isKeyFile = (name: string): boolean => /-(?:keys?|pepper)$/.test(name)

const wordsOf = (text: string): readonly string[] =>
  text.split(/\s+/).filter((word) => /^[\w+/=-]{24,}$/.test(word) && !word.startsWith('-----'))

const keysOf = (path: string, home: RegExp, name: string): readonly Canary[] =>
  (existsSync(path) ? wordsOf(readFileSync(path, 'utf8')) : []).flatMap((word, index) => {
    const text = { name: `${name} ${index}`, value: word, home }
    const isHexadecimal = /^[0-9a-f]{64}$/.test(word)
    return isHexadecimal ? [text, { name: `${name} ${index}, raw`, value: Buffer.from(word, 'hex'), home }] : [text]
  })

const parts = ['server', 'hub', 'simulators'] as const

/** What the three programs of a system have left in its folder. */
export const writtenBy = (folder: string): readonly Place[] =>
  parts.flatMap((part) => filesBelow(join(folder, part), part))

/** The secrets that they have made for themselves: each may stand in its own file alone. */
export const secretsOf = (folder: string, access: DemoAccess): readonly Canary[] => {
  const [server, hub] = [join(folder, 'server'), join(folder, 'hub')]
  const home = /^server\/demo-access\.json$/
  const keys = readdirSync(server)
    .filter(isKeyFile)
    .flatMap((name) => keysOf(join(server, name), new RegExp(`^server/${name}$`), name))
  const pem = readdirSync(hub, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.pem') && readFileSync(join(hub, name), 'utf8').includes('PRIVATE KEY'))
    .flatMap((name) => keysOf(join(hub, name), /^hub\/.*\.pem$/, `the hub's ${name}`))
  if (keys.length === 0 || pem.length === 0) throw new Error('no key was found that could be looked for')
  return [
    ...keys,
    ...pem,
    ...access.users.map(({ name, password }) => ({ name: `password of ${name}`, value: password, home })),
    ...(access.claim == null ? [] : [{ name: 'code of the claim', value: access.claim.code, home }]),
  ]
}

export const planted = (): readonly Canary[] => known

export const overheard = (): readonly Place[] =>
  [...heard].map(([name, said]) => ({ name, content: Buffer.from([...said].join('\n'), 'latin1') }))

/** Throws with every place where something stands that should not. */
export const findNothing = (places: readonly Place[], more: readonly Canary[] = []): void => {
  const hits = searchForCanaries([...places, ...overheard()], [...known, ...more])
  if (hits.length === 0) return
  const lines = hits.map(({ canary, place, form }) => `${canary}, ${form}, in ${place}`)
  throw new Error(`what must not leave its store was found elsewhere:\n  ${lines.join('\n  ')}`)
}
