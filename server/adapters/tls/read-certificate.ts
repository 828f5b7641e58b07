import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import { instant } from '#domain/time.ts'
import type { CertificateDates } from '#server/core/transport/certificate.ts'
import { tlsRules } from './tls-rules.ts'

export interface CertificateFiles {
  /** PEM: the server's certificate first, then those between it and the root. */
  readonly certFile: string
  readonly keyFile: string
}

export interface ServerCertificate extends CertificateDates {
  readonly cert: string
  readonly key: string
  /** Whether it is for this host name or address. */
  covers(host: string): boolean
}

export type ReadCertificate =
  | { readonly ok: true; readonly certificate: ServerCertificate }
  /** What is wrong and what to do, in one sentence. */
  | { readonly ok: false; readonly problem: string }

const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

const bad = (problem: string) => ({ ok: false, problem }) as const

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error'

/** Reads both files and holds them against each other. Dates are told, not judged. Never rejects. */
export const readCertificate = async ({ certFile, keyFile }: CertificateFiles): Promise<ReadCertificate> => {
  const certText = await textOf(certFile, 'TLS_CERT_FILE')
  if (!certText.ok) return certText
  const keyText = await textOf(keyFile, 'TLS_KEY_FILE')
  if (!keyText.ok) return keyText
  const chain = chainOf(certText.text)
  const [own] = chain ?? []
  if (chain === null || own === undefined)
    return bad(`TLS_CERT_FILE ${certFile} holds no certificate in PEM that can be read; give the full chain`)
  const key = privateKey(keyText.text)
  if (key === 'encrypted')
    return bad(`TLS_KEY_FILE ${keyFile} is encrypted; give a key without a passphrase, mode 0600`)
  if (key === null) return bad(`TLS_KEY_FILE ${keyFile} holds no private key in PEM that can be read`)
  if (!own.checkPrivateKey(key))
    return bad(`the key in TLS_KEY_FILE ${keyFile} does not belong to the certificate in TLS_CERT_FILE ${certFile}`)
  const pair = { cert: certText.text, key: keyText.text }
  try {
    createSecureContext({ ...tlsRules, ...pair })
  } catch (error) {
    return bad(`the certificate in TLS_CERT_FILE ${certFile} cannot be served: ${codeOf(error)}`)
  }
  return {
    ok: true,
    certificate: {
      ...pair,
      // A chain is good as long as each link of it is.
      validFrom: instant(Math.max(...chain.map(({ validFromDate }) => validFromDate.getTime()))),
      validTo: instant(Math.min(...chain.map(({ validToDate }) => validToDate.getTime()))),
      covers: (host) => (isIP(host) === 0 ? own.checkHost(host) : own.checkIP(host)) !== undefined,
    },
  }
}

const textOf = async (
  file: string,
  setting: string,
): Promise<{ readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string }> => {
  try {
    return { ok: true, text: await readFile(file, 'utf8') }
  } catch (error) {
    const why: Readonly<Record<string, string>> = {
      ENOENT: 'is not there',
      EACCES: "may not be read by this server's user",
      EISDIR: 'is a folder',
    }
    const code = codeOf(error)
    return bad(`${setting} ${file} ${why[code] ?? `cannot be read: ${code}`}`)
  }
}

const chainOf = (text: string): readonly X509Certificate[] | null => {
  try {
    return [...text.matchAll(blocks)].map(([block]) => new X509Certificate(block))
  } catch {
    return null
  }
}

const privateKey = (text: string): KeyObject | 'encrypted' | null => {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(text)) return 'encrypted'
  try {
    return createPrivateKey(text)
  } catch {
    return null
  }
}
