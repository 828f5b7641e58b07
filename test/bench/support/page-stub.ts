import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A service on loopback that takes every request at once and says when it had it, server time, ms. */
export class PageStub implements AsyncDisposable {
  readonly #takers = new Map<string, (body: string, at: number) => void>()
  readonly #server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const at = Date.now()
      reply.end()
      this.#takers.get(request.url ?? '')?.(Buffer.concat(parts).toString(), at)
    })
  })

  static async open(): Promise<PageStub> {
    const stub = new PageStub()
    await new Promise<void>((resolve) => stub.#server.listen(0, '127.0.0.1', resolve))
    return stub
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  on(path: string, take: (body: string, at: number) => void): void {
    this.#takers.set(path, take)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }
}
