import { declaration } from './xml.ts'

// <?xml version="1.0"?><REQ><DEVID></DEVID></REQ>               host -> pump (terumo-xml-tcp.md 3)
// The pump answers with its own id.

export interface IdentityRequest {
  readonly type: 'identity request'
}

export const identityRequestXml = `${declaration}<REQ><DEVID></DEVID></REQ>`

export const parseIdentityRequest = (xml: string): IdentityRequest | null =>
  xml === identityRequestXml ? { type: 'identity request' } : null
