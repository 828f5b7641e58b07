import { z } from 'zod'
import type { Lock } from './dependencies.ts'

/** The part of CycloneDX 1.5 that whoever searches a bill for a weak package reads. */
const Bill = z.object({
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.5'),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/),
  metadata: z.object({
    timestamp: z.iso.datetime(),
    component: z.object({ type: z.literal('application'), name: z.string(), version: z.string() }),
  }),
  components: z.array(
    z.object({
      'bom-ref': z.string(),
      type: z.literal('library'),
      name: z.string(),
      version: z.string(),
      scope: z.enum(['required', 'optional', 'excluded']),
      purl: z.string(),
      hashes: z.array(z.object({ alg: z.literal('SHA-512'), content: z.string() })),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
})

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

const hexOf = (integrity: string | undefined): string =>
  Buffer.from((integrity ?? '').replace('sha512-', ''), 'base64').toString('hex')

/** What a bill of materials says otherwise than the lock file; empty: it lists every package there, each with its checksum, and no other. */
export const billProblems = (text: unknown, lock: Lock): readonly string[] => {
  const parsed = Bill.safeParse(text)
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  const { components, dependencies, metadata } = parsed.data
  const locked = Object.entries(lock.packages).filter(([path]) => path !== '')
  const wanted = new Map(locked.map(([path, entry]) => [`${nameOf(path)}@${entry.version}`, entry]))
  const production = new Set(
    locked
      .filter(([, { dev, optional, devOptional }]) => !(dev === true || optional === true || devOptional === true))
      .map(([path, { version }]) => `${nameOf(path)}@${version}`),
  )
  const listed = new Map(components.map((component) => [`${component.name}@${component.version}`, component]))
  const own = `${metadata.component.name}@${metadata.component.version}`
  const refs = new Set([own, ...components.map((component) => component['bom-ref'])])
  return [
    ...[...wanted.keys()].filter((key) => !listed.has(key)).map((key) => `${key} is missing`),
    ...[...listed].flatMap(([key, { hashes, purl, scope }]) => {
      const entry = wanted.get(key)
      if (entry === undefined) return [`${key} is not in the lock file`]
      const at = key.lastIndexOf('@')
      const url = `pkg:npm/${key.slice(0, at).replace('@', '%40')}@${key.slice(at + 1)}`
      return [
        ...(hashes[0]?.content === hexOf(entry.integrity) ? [] : [`${key} has another checksum`]),
        ...(purl === url ? [] : [`${key} is called ${purl}`]),
        ...((scope === 'required') === production.has(key) ? [] : [`${key} is ${scope}`]),
      ]
    }),
    ...(refs.size === components.length + 1 ? [] : ['a name stands twice']),
    ...dependencies
      .flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
      .filter((ref) => !refs.has(ref))
      .map((ref) => `${ref} is needed and not listed`),
  ]
}
