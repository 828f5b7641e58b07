import { head } from './hostile-requests.ts'

/** Asks for a web socket of the live feed, as a browser does. */
export const upgradeRequest = ({ host, cookie, origin }: { host: string; cookie: string; origin: string }): string =>
  head(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    `Origin: ${origin}`,
    `Cookie: ${cookie}`,
  )

/** A masked frame as a browser sends it; the mask is zero. */
export const frame = (opcode: number, text: string, announced?: number): Buffer => {
  const body = Buffer.from(text)
  const size = announced ?? body.length
  const length = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10)
  length[0] = opcode
  length[1] = 0x80 | (size < 126 ? size : size < 65_536 ? 126 : 127)
  if (length.length === 4) length.writeUInt16BE(size, 2)
  if (length.length === 10) length.writeBigUInt64BE(BigInt(size), 2)
  return Buffer.concat([length, Buffer.alloc(4), body])
}
