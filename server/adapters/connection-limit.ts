import type { Server } from 'node:net'
import { BlockList, isIPv6 } from 'node:net'
import type { Socket } from 'node:net'
import { ConnectionCap } from '#server/core/pressure/connection-cap.ts'

export interface LimitedConnections {
  readonly open: number
  readonly refused: number
}

/** A caller of IPv6 has a whole /64 of addresses. */
const nameOf = (address: string): string => {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  return isIPv6(plain) ? plain.split(':').slice(0, 4).join(':') : plain
}

const standsForOthers = (addresses: readonly string[]): ((name: string) => boolean) => {
  const list = new BlockList()
  for (const one of addresses) {
    const [address = '', bits] = one.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** Ends connections over the limit of their address before a byte of them is read. `exempt`: addresses and networks behind which others stand. */
export const limitConnections = (server: Server, exempt: readonly string[], most?: number): LimitedConnections => {
  const isExempt = standsForOthers(exempt)
  const cap = new ConnectionCap(most)
  let open = 0
  // TLS servers hand on what came over TCP in the same way.
  server.on('connection', (socket: Socket) => {
    open += 1
    socket.once('close', () => (open -= 1))
    const address = socket.remoteAddress ?? ''
    if (address === '' || isExempt(address)) return
    const name = nameOf(address)
    if (!cap.came(name)) {
      socket.destroy()
      return
    }
    socket.once('close', () => cap.left(name))
  })
  return {
    get open() {
      return open
    },
    get refused() {
      return cap.refused
    },
  }
}
