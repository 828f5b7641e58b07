import { between, declaration, idShape } from './xml.ts'

// <?xml version="1.0"?><REP><DEVID> id </DEVID></REP>           pump -> host (terumo-xml-tcp.md 3)
//   id  [0-9A-Z]{1,64}

export interface IdentityReply {
  readonly type: 'identity'
  readonly id: string
}

export const parseIdentityReply = (xml: string): IdentityReply | null => {
  const id = between(xml, `${declaration}<REP><DEVID>`, '</DEVID></REP>')
  return id !== null && idShape.test(id) ? { type: 'identity', id } : null
}
