import { constants } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'

/** TLS 1.3, and 1.2 with forward secrecy and authenticated encryption alone (RFC 9325 4.2). */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':')

/** security.md 2.6. No session tickets: hubs resume nothing, and a ticket key is one more secret that outlives a certificate. */
export const tlsRules = {
  minVersion: 'TLSv1.2',
  ciphers,
  honorCipherOrder: true,
  secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
} as const satisfies SecureContextOptions

/** A caller that does not finish the handshake is let go, ms. */
export const handshakeTimeoutMs = 10_000
