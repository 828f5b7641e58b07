/** Why a server has not proven who it is, in words that say what to do. Codes: OpenSSL's by way of Node, and our own. */
const sentences: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired: renew it on the server',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: look at the clocks of the server and of this hub',
  CERT_REVOKED: 'its certificate is revoked',
  CERT_SIGNATURE_FAILURE: 'a signature of its certificate is wrong',
  CERT_UNTRUSTED: 'no root of this hub vouches for its certificate: give the right file as server.ca',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself: give its root as server.ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'no root of this hub vouches for its certificate: give the right file as server.ca',
  UNABLE_TO_GET_ISSUER_CERT: 'no root of this hub vouches for its certificate: give the right file as server.ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'no root of this hub vouches for its certificate: give the right file as server.ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'no root of this hub vouches for its certificate: give the right file as server.ca',
  INVALID_PURPOSE: 'its certificate is not one for servers',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name than the one in server.url',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it does not speak TLS 1.3',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'it does not speak TLS 1.3',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on that port: should server.url begin with http://?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'it does not speak TLS on that port: should server.url begin with http://?',
  GW_NOT_PINNED: 'it does not have the key given as server.pins',
}

/** Null: the server could not be reached, which proves nothing. */
export const tlsFault = (error: unknown): string | null => {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  return error.code === 'GW_CHAIN_REFUSED' ? error.message : (sentences[error.code] ?? null)
}
