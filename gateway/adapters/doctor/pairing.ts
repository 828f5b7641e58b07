import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { messageOf } from '../../core/errors.ts'
import { fail, ok, warn } from '../../core/finding.ts'
import type { Finding } from '../../core/finding.ts'

const check = 'pairing'
const Pairing = z.object({ hubId: z.string(), server: z.string(), keyFile: z.string().optional() })

/** Never reads the key itself. */
export const examinePairing = async (dataDir: string, server: string): Promise<readonly Finding[]> => {
  const folder = join(dataDir, 'identity')
  const text = await readFile(join(folder, 'pairing.json'), 'utf8').catch(() => null)
  const pairing = Pairing.safeParse(text === null ? null : parsed(text))
  // A hub replaces its key now and then; the pairing names the file.
  const keyFile = join(folder, pairing.data?.keyFile ?? 'hub-key.pem')
  const key = await stat(keyFile).catch((error: unknown) => error)
  const notPaired = (text: string): Finding =>
    fail(
      check,
      text,
      'make a claim on the server (claim create), then: gateway enrol --server URL --claim ID --code CODE',
    )
  if (key instanceof Error)
    return [
      'code' in key && key.code === 'ENOENT'
        ? notPaired('NOT PAIRED: this hub has no key yet, nothing reaches a nurse')
        : fail(check, `the key cannot be looked at: ${messageOf(key)}`, 'run this as root or as the gateway’s user'),
    ]
  const findings: Finding[] = []
  if (typeof key === 'object' && key !== null && 'mode' in key && (Number(key.mode) & 0o077) !== 0)
    findings.push(fail(check, 'the key may be read by others', `chmod 600 ${keyFile}, then: gateway rotate-key`))
  if (text === null) return [...findings, notPaired('NOT PAIRED: nothing reaches a nurse')]
  if (!pairing.success) return [...findings, fail(check, 'pairing.json is damaged', 'pair the hub again')]
  if (new URL(pairing.data.server).origin !== server)
    findings.push(
      warn(
        check,
        `this hub is paired with ${pairing.data.server}, not with ${server}`,
        'correct server.url, or pair again',
      ),
    )
  return [...findings, ok(check, `paired as ${pairing.data.hubId}`)]
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
