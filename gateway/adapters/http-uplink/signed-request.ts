import { createHash } from 'node:crypto'
import { serializeParams, signatureBase, signatureLabel } from '#domain/uplink/signature.ts'

export interface Signer {
  /** Ed25519 over text, base64. */
  sign(text: string): string
}

const contentType = 'application/json'

/** Lower-case host, with the port unless it is the scheme's default: what `URL` calls `host`. */
export const signedHeaders = (
  url: URL,
  body: Uint8Array,
  params: { readonly created: number; readonly nonce: string; readonly keyId: string },
  signer: Signer,
): Readonly<Record<string, string>> => {
  const contentDigest = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
  const base = signatureBase(
    {
      method: 'POST',
      authority: url.host.toLowerCase(),
      path: url.pathname,
      query: url.search,
      contentType,
      contentDigest,
    },
    params,
  )
  return {
    'content-type': contentType,
    'content-digest': contentDigest,
    'signature-input': `${signatureLabel}=${serializeParams(params)}`,
    signature: `${signatureLabel}=:${signer.sign(base)}:`,
  }
}
