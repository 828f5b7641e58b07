// The hub's request signature: the RFC 9421 profile of security.md 2.1, canonical text only. Signing is an adapter's work.

/** Covered exactly and in this order. `@target-uri` is out: a TLS terminator cannot rebuild it. */
export const coveredComponents = ['@method', '@authority', '@path', '@query', 'content-type', 'content-digest'] as const

export const signatureLabel = 'hub'
export const signatureTag = 'hub-v1'

export interface SignedRequest {
  /** Upper case. */
  readonly method: string
  /** Lower-case host, with the port unless it is the scheme's default. */
  readonly authority: string
  /** Empty is written `/`. */
  readonly path: string
  /** With the leading `?`; absent is written `?`. */
  readonly query: string
  readonly contentType: string
  /** RFC 9530: `sha-256=:<base64>:` over the raw body. */
  readonly contentDigest: string
}

export interface SignatureParams {
  /** Seconds since the epoch by the hub's clock, corrected by its stored offset. */
  readonly created: number
  /** `bootId:attempt`; every attempt, also a retry, has its own. */
  readonly nonce: string
  readonly keyId: string
}

/** Text of `Signature-Input` behind `hub=`, and the last line of the signature base. */
export const serializeParams = (params: SignatureParams): string =>
  `(${coveredComponents.map((name) => `"${name}"`).join(' ')})` +
  `;created=${params.created};nonce="${params.nonce}";keyid="${params.keyId}";alg="ed25519";tag="${signatureTag}"`

/** The bytes (ASCII) that are signed: RFC 9421 2.5. */
export const signatureBase = (request: SignedRequest, params: SignatureParams): string =>
  [
    `"@method": ${request.method}`,
    `"@authority": ${request.authority}`,
    `"@path": ${request.path || '/'}`,
    `"@query": ${request.query || '?'}`,
    `"content-type": ${request.contentType}`,
    `"content-digest": ${request.contentDigest}`,
    `"@signature-params": ${serializeParams(params)}`,
  ].join('\n')

const inputPattern =
  /^hub=\("@method" "@authority" "@path" "@query" "content-type" "content-digest"\);created=(\d{1,12});nonce="([A-Za-z0-9._:-]{1,100})";keyid="([A-Za-z0-9._-]{1,64})";alg="ed25519";tag="hub-v1"$/

/** Reads a `Signature-Input` header. Anything but our one profile is null. */
export const parseSignatureInput = (header: string): SignatureParams | null => {
  const match = inputPattern.exec(header)
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) return null
  return { created: Number(match[1]), nonce: match[2], keyId: match[3] }
}

/** Reads a `Signature` header into its base64 text (64 bytes = 88 characters), or null. */
export const parseSignature = (header: string): string | null =>
  /^hub=:([A-Za-z0-9+/]{86}==):$/.exec(header)?.[1] ?? null
