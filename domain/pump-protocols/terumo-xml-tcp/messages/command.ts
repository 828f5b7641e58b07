import { base64Bytes, base64Text } from '../../base64.ts'
import { between, declaration, idShape } from './xml.ts'

// <?xml version="1.0"?><REQ><DEVID> id </DEVID><CMD> base64 </CMD></REQ>     host -> pump (terumo-xml-tcp.md 3)
// <?xml version="1.0"?><REP><DEVID> id </DEVID><CMD> base64 </CMD></REP>     pump -> host
//   base64  standard, with padding, no line breaks

export interface Command {
  readonly id: string
  readonly bytes: Uint8Array
}

export const commandXml = (root: 'REQ' | 'REP', { id, bytes }: Command): string =>
  `${declaration}<${root}><DEVID>${id}</DEVID><CMD>${base64Text(bytes)}</CMD></${root}>`

export const parseCommand = (root: 'REQ' | 'REP', xml: string): Command | null => {
  const body = between(xml, `${declaration}<${root}><DEVID>`, `</CMD></${root}>`)
  const [id, base64, ...more] = body?.split('</DEVID><CMD>') ?? []
  if (id === undefined || base64 === undefined || more.length > 0 || !idShape.test(id)) return null
  const bytes = base64Bytes(base64)
  return bytes === null ? null : { id, bytes }
}
