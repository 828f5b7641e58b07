// Takes what an attacker says and does nothing with it, at the attacker's own priority: what the same bytes cost the others although the
// server or the hub gets none of them. Says its ports.
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import type { Server } from 'node:net'
import { setPriority } from 'node:os'

setPriority(19)
const requests = createServer((request, response) => {
  request.resume()
  response.writeHead(401)
  response.end()
})
const connections = createTcpServer((socket) => socket.resetAndDestroy())

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })

process.send?.(await Promise.all([listening(requests), listening(connections)]))
process.once('disconnect', () => process.exit())
