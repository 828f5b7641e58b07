import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { guards } from '#test/guards/guards.ts'
import { repository } from '#test/support/program.ts'

const read = (file: string): string => readFileSync(join(repository, file), 'utf8')

describe('a guard that `node test/guards/main.ts` switches off', () => {
  it.each(guards)('stands where the list says, once, and so does its test: $name', ({ file, from, to, seenBy }) => {
    expect(read(file).split(from)).toHaveLength(2)
    expect(to).not.toBe(from)
    expect(read(seenBy[1])).toContain(seenBy[2])
  })
})
