// Takes what an attacker says and does nothing with it, at the attacker's own priority: what the same bytes cost the others although the server
// gets none of them. Says its port.
import { createServer } from 'node:http'
import { setPriority } from 'node:os'

setPriority(19)
const server = createServer((request, response) => {
  request.resume()
  response.writeHead(401)
  response.end()
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0)
})
process.once('disconnect', () => process.exit())
