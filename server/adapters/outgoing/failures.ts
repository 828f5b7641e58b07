import type { OutgoingFailure } from '#server/core/outgoing.ts'

const codes: Readonly<Record<string, OutgoingFailure>> = {
  ENOTFOUND: 'no-such-host',
  ENODATA: 'no-such-host',
  EAI_AGAIN: 'no-such-host',
  EAI_FAIL: 'no-such-host',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  EPROTO: 'tls',
}
// OpenSSL's names of what is wrong with a certificate, and Node's own.
const tls = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)|CERT/

/** What an error of a socket, of TLS or of the HTTP parser is called in a page's outcome. */
export const failureOf = (error: unknown): OutgoingFailure => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('HPE_')) return 'bad-answer'
  return codes[code] ?? (tls.test(code) ? 'tls' : 'unreachable')
}
