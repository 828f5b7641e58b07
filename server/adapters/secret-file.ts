import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const secretBytes = 32

/** The secret in `file`, made at first use: 32 random bytes in hexadecimal, readable by the owner alone, on disk when returned. */
export const readOrMakeSecret = async (file: string): Promise<Uint8Array> => {
  const known = await read(file)
  if (known !== null) return known
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const secret = randomBytes(secretBytes)
  await using handle = await open(file, 'wx', 0o600)
  await handle.writeFile(`${secret.toString('hex')}\n`)
  await handle.sync()
  return new Uint8Array(secret)
}

const read = async (file: string): Promise<Uint8Array | null> => {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const bytes = Buffer.from(text.trim(), 'hex')
  if (bytes.length !== secretBytes) throw new Error(`${file} does not hold ${secretBytes} bytes in hexadecimal`)
  return new Uint8Array(bytes)
}
