import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fileOf, palettes, shots, sizesOf } from '../../screenshots/shots.ts'

const docs = join(import.meta.dirname, '..', '..', '..', 'docs')
const page = readFileSync(join(docs, 'screens.md'), 'utf8')
const kept = readdirSync(join(docs, 'screenshots')).toSorted()

describe('pictures of the screens', () => {
  it('are those that npm run screenshots takes, each screen in all of its sizes and palettes', () => {
    const files = shots.flatMap((shot) =>
      sizesOf(shot).flatMap((size) => palettes.map((palette) => fileOf(shot, palette, size))),
    )
    expect(kept).toEqual(files.toSorted())
  })

  it('stand on the page of the screens, each once and with words', () => {
    const shown = [...page.matchAll(/!\[[^\]]+\]\(screenshots\/([^)]+)\)/g)].map(([, file = '']) => file)
    expect(shown.toSorted()).toEqual(kept)
  })
})
