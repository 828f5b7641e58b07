import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { repository } from '#test/support/program.ts'
import { billProblems } from '../architecture/bill-of-materials.ts'
import type { Lock } from '../architecture/dependencies.ts'

// security.md 12: what a release says it is made of is what the lock file installs.

interface Bill {
  metadata: { component: object }
  components: { name: string; version: string; scope: string; purl: string; hashes: { content: string }[] }[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

const component = (from: Bill, name: string) => {
  const found = from.components.find((one) => one.name === name)
  if (found === undefined) throw new Error(`${name} is not listed`)
  return found
}

describe('the bill of materials', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sbom-'))
  const file = join(folder, 'sbom.json')
  const lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as Lock
  let text = ''

  beforeAll(() => {
    execFileSync(process.execPath, ['scripts/sbom.mjs', file], { cwd: repository, stdio: 'pipe' })
    text = readFileSync(file, 'utf8')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const bill = (): Bill => JSON.parse(text) as Bill
  const planted = (change: (bill: Bill) => void): readonly string[] => {
    const changed = bill()
    change(changed)
    return billProblems(changed, lock)
  }

  it('names every package of the lock file with its checksum, and what runs in production', () => {
    expect(bill().components.length).toBeGreaterThan(200)
    expect(billProblems(bill(), lock)).toEqual([])
    expect(bill().metadata.component).toMatchObject({ name: 'infusion-watch' })
    // Development needs it too, and npm’s own `--omit=dev` would leave it out.
    expect(component(bill(), 'yaml').scope).toBe('required')
    expect(component(bill(), 'vitest').scope).toBe('excluded')
  })

  it.each([
    ['a package that is missing', (b: Bill) => void b.components.shift(), /is missing/],
    [
      'one that nobody installs',
      (b: Bill) => void (component(b, 'aedes').name = 'aedes2'),
      /aedes2@.* not in the lock/,
    ],
    ['another checksum', (b: Bill) => void (component(b, 'aedes').hashes = [{ content: '00' }]), /alg|checksum/],
    ['another address', (b: Bill) => void (component(b, 'aedes').purl = 'pkg:npm/aedes@0.0.0'), /is called/],
    ['what runs and is said not to', (b: Bill) => void (component(b, 'aedes').scope = 'excluded'), /is excluded/],
    ['a need that leads nowhere', (b: Bill) => void b.dependencies[0]?.dependsOn.push('x@1.0.0'), /not listed/],
  ])('is found out with %s', (_, change, problem) => {
    expect(planted(change).join('\n')).toMatch(problem)
  })
})
