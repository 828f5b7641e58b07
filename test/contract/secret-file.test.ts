import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOrMakeSecret } from '#server/adapters/secret-file.ts'

const newFile = () => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'deep', 'pepper')
}

describe('a secret kept in a file', () => {
  it('is made once, 32 bytes, for the owner alone', async () => {
    const file = newFile()
    const secret = await readOrMakeSecret(file)
    expect(secret).toHaveLength(32)
    expect(await readOrMakeSecret(file)).toEqual(secret)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await readOrMakeSecret(newFile())).not.toEqual(secret)
  })

  it('is not replaced when the file is damaged', async () => {
    const file = newFile()
    await readOrMakeSecret(file)
    writeFileSync(file, 'half a sec')
    await expect(readOrMakeSecret(file)).rejects.toThrow('does not hold 32 bytes')
  })
})
