import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

// What a browser has to fetch before the wall is there (docs/dashboard.md 17). The sizes are those of the build: no clock takes part.

const dist = join(import.meta.dirname, '..', '..', 'dashboard', 'dist')
const kb = 1000
const limits = { script: 110 * kb, all: 250 * kb }

/** These files and what they cannot start without, wherever the build has cut: each once. */
const withImports = (files: readonly string[]): readonly string[] => {
  const found = new Set(files)
  for (const file of found) {
    const code = readFileSync(join(dist, file), 'utf8')
    for (const [, name = ''] of code.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g))
      found.add(`assets/${name}`)
  }
  return [...found]
}

const gzipped = (file: string): number => gzipSync(readFileSync(join(dist, file)), { level: 9 }).byteLength

const told = (bytes: number): string => `${(bytes / kb).toFixed(1)} kB`

it('fetches no more than it may before the wall is there', () => {
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  const linked = [...page.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].flatMap(([, file]) => file ?? [])
  const assets = readdirSync(join(dist, 'assets'))
  const worker = assets.filter((file) => /^live\.worker-.*\.js$/.test(file)).map((file) => `assets/${file}`)
  const scripts = withImports([...linked.filter((file) => file.endsWith('.js')), ...worker])
  const styles = linked.filter((file) => file.endsWith('.css'))
  // Latin alone: a browser fetches the extension only for a letter of it. A font is compressed already.
  const fonts = assets.filter((file) => /-latin-wght-.*\.woff2$/.test(file))
  expect([scripts.length > 1, worker.length, styles.length, fonts.length]).toEqual([true, 1, 1, 1])

  const script = scripts.map(gzipped).reduce((sum, size) => sum + size, 0)
  const others = [
    ...styles.map(gzipped),
    gzipped('index.html'),
    ...fonts.map((file) => readFileSync(join(dist, 'assets', file)).byteLength),
  ]
  const all = others.reduce((sum, size) => sum + size, script)
  console.log(`first load: script ${told(script)} of ${told(limits.script)}, all ${told(all)} of ${told(limits.all)}`)
  expect(script).toBeLessThanOrEqual(limits.script)
  expect(all).toBeLessThanOrEqual(limits.all)
})
